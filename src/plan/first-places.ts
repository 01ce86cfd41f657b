import type { Where } from '../errors.ts'
import { sameFileKey } from './file-names.ts'
import type { PlanOptions } from './plan-options.ts'
import { Planner } from './planner.ts'

/** What to look for in a plan. */
export interface Wanted {
  /** Keys of jobs. */
  readonly keys: ReadonlySet<string>
  /** Names of jobs. */
  readonly names: readonly string[]
}

/** Where the first jobs are that have a key or a name. Places of jobs that come from no row are not there. */
export interface FirstPlaces {
  readonly byKey: ReadonlyMap<string, Where>
  /** By `sameFileKey`. */
  readonly byName: ReadonlyMap<string, Where>
}

/**
 * Walks a plan again to find which rows were the first to ask for a job or a name: only hashes of those are kept, as a
 * million rows are to fit in memory, and few plans have two of the same.
 */
export async function findFirstPlaces(options: PlanOptions, { keys, names }: Wanted): Promise<FirstPlaces> {
  const wantedNames = new Set(names.map(sameFileKey))
  const byKey = new Map<string, Where>()
  const byName = new Map<string, Where>()
  const planner = new Planner(options)
  for await (const row of options.rows ?? []) {
    for (const { key, name } of await planner.jobsOf(row, () => {})) {
      if (keys.has(key) && !byKey.has(key)) byKey.set(key, row.origin)
      const file = sameFileKey(name)
      if (wantedNames.has(file) && !byName.has(file)) byName.set(file, row.origin)
    }
    if (byKey.size === keys.size && byName.size === wantedNames.size) break
  }
  return { byKey, byName }
}
