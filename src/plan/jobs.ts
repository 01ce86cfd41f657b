import type { ComfyRunError } from '../errors.ts'
import type { NameKnowledge } from './name-register.ts'
import type { PlannedJob } from './planned-job.ts'
import type { PlanOptions } from './plan-options.ts'
import { Planner } from './planner.ts'

export type { PlanOptions } from './plan-options.ts'

/**
 * The jobs of a plan, one after the other: rows in their order, copies of a row together. Throws ComfyRunError at
 * the first row that is wrong; `checkPlan` finds all of them. `names` is what walks over this plan know of its names: it is
 * used, and added to at the end.
 */
export async function* planJobs(options: PlanOptions, names?: NameKnowledge): AsyncGenerator<PlannedJob> {
  const planner = new Planner(options, { names })
  const fail = (error: ComfyRunError): never => {
    throw error
  }
  for await (const row of options.rows ?? [undefined]) {
    const made = planner.jobsOf(row, fail)
    for (const job of made instanceof Promise ? await made : made) yield job
  }
  if (names) names.areDistinct ||= planner.areNamesDistinct
}
