import { isDeepStrictEqual } from 'node:util'
import { ComfyRunError, type Where } from '../errors.ts'
import { modelOf, mostModels } from './by-model.ts'
import { sameFileKey } from './file-names.ts'
import { ErrorList, placedIdentity } from './error-list.ts'
import { findFirstPlaces } from './first-places.ts'
import { HashSet } from './hash-set.ts'
import type { JobGraphCheck } from './job-graph-check.ts'
import { NameClash } from './name-register.ts'
import type { PlanOptions } from './plan-options.ts'
import type { PlannedJob } from './planned-job.ts'
import { Planner } from './planner.ts'
import type { Row } from './row.ts'
import { isSelfContained } from './self-contained.ts'

/** What a walk over a plan found. */
export interface PlanCheck {
  /** How many jobs there are. Only complete if there are no errors. */
  readonly jobs: number
  /** At most `mostErrors`, in the order of the rows. */
  readonly errors: readonly ComfyRunError[]
  /** Rows that ask for just what a row before asked for; at most `mostDuplicates`. */
  readonly duplicates: readonly DuplicateRow[]
  /** The models of the jobs as `modelOf` tells them, in the order of their first job; at most `mostModels`. */
  readonly models: readonly string[]
  /** What a server would ignore, or take for something else; at most `mostErrors`. */
  readonly warnings: readonly ComfyRunError[]
  /** Whether every job is made of its row and the options alone: see `isSelfContained`. */
  readonly isSelfContained: boolean
  /** Whether no two names are equal. False also if that was not looked for, as no name was chosen. */
  readonly areNamesDistinct: boolean
}

/** Two rows that ask for the same. */
export interface DuplicateRow {
  readonly row: Where
  /** The first row that asked for it. */
  readonly of: Where
}

/** So many duplicates are told. */
export const mostDuplicates = 50

/**
 * Walks a whole plan without running it: counts its jobs, and finds what is wrong in any row. Faults of the jobs
 * file that make it unreadable from there on end the walk, and are among the errors. `graphs` checks each job's graph.
 */
export async function checkPlan(options: PlanOptions, graphs?: JobGraphCheck): Promise<PlanCheck> {
  try {
    // Names take a fifth of the time and half of the memory, and few plans have both kinds.
    return await walk(options, graphs, { onlyChosenNames: true })
  } catch (thrown) {
    if (!(thrown instanceof NamesMixed)) throw thrown
    return walk(options, graphs, { onlyChosenNames: false })
  }
}

/** Names were left out that could clash with chosen ones. */
class NamesMixed extends Error {}

async function walk(
  options: PlanOptions,
  graphs: JobGraphCheck | undefined,
  names: { readonly onlyChosenNames: boolean },
): Promise<PlanCheck> {
  const errors = new ErrorList(placedIdentity)
  const warnings = new ErrorList(placedIdentity)
  const again = new RepeatedJobs()
  const models = new Set<string>()
  let jobs = 0
  let areSelfContained = true
  let areNamesDistinct = false
  try {
    const planner = new Planner(options, names)
    const report = (error: ComfyRunError): void => errors.add(error)
    for await (const row of options.rows ?? [undefined]) {
      const made = planner.jobsOf(row, report)
      for (const job of made instanceof Promise ? await made : made) {
        jobs++
        areSelfContained &&= isSelfContained(job, options.workflow)
        if (models.size < mostModels) models.add(modelOf(job))
        if (graphs) {
          const checking = graphs.check({ job, row, options }, errors, warnings)
          if (checking) await checking
        }
        if (row) again.see(job, row)
      }
      if (planner.areNamesMixed) throw new NamesMixed()
      if (errors.isFull) break
    }
    areNamesDistinct = jobs > 0 && errors.list.length === 0 && planner.areNamesDistinct
  } catch (error) {
    if (!(error instanceof ComfyRunError)) throw error
    errors.add(error)
  }
  const found = { jobs, errors: errors.list, again: again.list, models: [...models] }
  return {
    ...(await withFirstPlaces(options, found)),
    warnings: warnings.list,
    isSelfContained: areSelfContained,
    areNamesDistinct,
  }
}

/** A row that asks for a job that a row before has asked for. */
interface Repetition {
  readonly key: string
  readonly row: Where
}

/** Finds the rows that ask for what a row before has asked for. Of each job it keeps a hash. */
class RepeatedJobs {
  readonly list: Repetition[] = []
  readonly #seen = new HashSet()

  see(job: PlannedJob, row: Row): void {
    if (this.list.length >= mostDuplicates || this.#seen.add(job.hash)) return
    const { key } = job
    // A row is told once, however many copies it asks for.
    if (this.list.at(-1)?.row !== row.origin) this.list.push({ key, row: row.origin })
  }
}

/** Tells beside each name that clashes, and each job that is asked for again, which row was the first. */
async function withFirstPlaces(
  options: PlanOptions,
  {
    jobs,
    errors,
    again,
    models,
  }: Pick<PlanCheck, 'jobs' | 'errors' | 'models'> & {
    readonly again: readonly Repetition[]
  },
): Promise<Pick<PlanCheck, 'jobs' | 'errors' | 'duplicates' | 'models'>> {
  const clashes = errors.filter((error) => error instanceof NameClash)
  if (clashes.length + again.length === 0) return { jobs, errors, duplicates: [], models }
  const { byKey, byName } = await findFirstPlaces(options, {
    keys: new Set(again.map(({ key }) => key)),
    names: clashes.map(({ jobName }) => jobName),
  })
  return {
    jobs,
    models,
    errors: errors.map((error) => {
      if (!(error instanceof NameClash)) return error
      const { jobName, where } = error
      return new NameClash(jobName, where, otherJob(where, byName.get(sameFileKey(jobName))))
    }),
    duplicates: again.flatMap(({ key, row }) => {
      const of = byKey.get(key)
      return of && !isDeepStrictEqual(of, row) ? [{ row, of }] : []
    }),
  }
}

function otherJob(where: Where | undefined, first: Where | undefined): string {
  if (first?.line === undefined) return 'another copy'
  return first.line === where?.line ? 'another copy of this row' : `that of ${first.file}:${first.line}`
}
