import { ComfyRunError, type Where } from '../errors.ts'
import type { PlanOptions } from './plan-options.ts'
import { Planner } from './planner.ts'
import type { Row } from './row.ts'

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
  const firstLines = new Map<number, Where>()
  let jobs = 0
  try {
    const planner = new Planner(options)
    for await (const row of options.rows ?? [undefined]) {
      let isDuplicate = false
      for (const job of await planner.jobsOf(row, (error) => errors.add(error))) {
        jobs++
        const key = Number.parseInt(job.key.slice(0, keyDigits), 16)
        const of = firstLines.get(key)
        if (row && of && !isDuplicate && duplicates.length < mostDuplicates) {
          duplicates.push({ row: row.origin, of })
          isDuplicate = true
        }
        if (row && !of) firstLines.set(key, placeOf(row))
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

/** The row's line without its text, which would keep the whole file in memory. */
function placeOf({ origin: { file, line } }: Row): Where {
  return { file, ...(line !== undefined && { line }) }
}
