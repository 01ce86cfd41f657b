import { ComfyRunError, type Where } from '../errors.ts'
import type { PlanOptions } from './plan-options.ts'
import { NumberTable } from './number-table.ts'
import { Planner } from './planner.ts'

/** What a walk over a plan found. */
export interface PlanCheck {
  /** How many jobs there are. Only complete if there are no errors. */
  readonly jobs: number
  /** At most `mostErrors`, in the order of the rows. */
  readonly errors: readonly ComfyRunError[]
  /** Rows that ask for just what a row before asked for; at most `mostDuplicates`. */
  readonly duplicates: readonly DuplicateRow[]
}

/** Two rows that ask for the same. */
export interface DuplicateRow {
  readonly row: Where
  /** The first row that asked for it. */
  readonly of: Where
}

/** So many hex digits of a job's key fit a number exactly: keeping them takes little memory. */
const keyDigits = 13

/** More lines than this no file has. */
const firstOther = 2 ** 31

/** After so many errors the walk ends: nobody reads more at once. */
export const mostErrors = 50
/** So many duplicates are told. */
export const mostDuplicates = 50

/**
 * Walks a whole plan without running it: counts its jobs, and finds what is wrong in any row. Faults of the jobs
 * file that make it unreadable from there on end the walk, and are among the errors.
 */
export async function checkPlan(options: PlanOptions): Promise<PlanCheck> {
  const errors = new ErrorList()
  const duplicates: DuplicateRow[] = []
  const firsts = new FirstRows()
  let jobs = 0
  try {
    const planner = new Planner(options)
    for await (const row of options.rows ?? [undefined]) {
      let isDuplicate = false
      for (const job of await planner.jobsOf(row, (error) => errors.add(error))) {
        jobs++
        if (!row) continue
        const of = firsts.of(job.key, row.origin)
        if (!of || isDuplicate || duplicates.length >= mostDuplicates) continue
        duplicates.push({ row: row.origin, of })
        isDuplicate = true
      }
      if (errors.isFull) break
    }
  } catch (error) {
    if (!(error instanceof ComfyRunError)) throw error
    errors.add(error)
  }
  return { jobs, errors: errors.list, duplicates }
}

/** An error in a key or a column's name returns with every row, and is told once. */
class ErrorList {
  readonly list: ComfyRunError[] = []
  readonly #seen = new Set<string>()

  get isFull(): boolean {
    return this.list.length >= mostErrors
  }

  add(error: ComfyRunError): void {
    const { code, message, where } = error
    const isOfKey = code.endsWith('-address') || code.endsWith('-role')
    const identity = JSON.stringify([code, message, !isOfKey && [where?.line, where?.column]])
    if (this.#seen.has(identity) || this.isFull) return
    this.#seen.add(identity)
    this.list.push(error)
  }
}

/** Remembers which row asked for a job first: a number for each job, so that a million of them fit in memory. */
class FirstRows {
  readonly #rows = new NumberTable()
  /** The places of rows that have no line: files of a folder. Their numbers begin where lines end. */
  readonly #others: Where[] = []

  /** The row that asked for a job of this key before; undefined if none has. */
  of(jobKey: string, origin: Where): Where | undefined {
    const key = Number.parseInt(jobKey.slice(0, keyDigits), 16)
    const first = this.#rows.get(key)
    if (first === undefined) this.#rows.set(key, origin.line ?? this.#keep(origin))
    else return first < firstOther ? { file: origin.file, line: first } : this.#others[first - firstOther]
    return undefined
  }

  #keep(origin: Where): number {
    return firstOther + this.#others.push(origin) - 1
  }
}
