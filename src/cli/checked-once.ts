import type { JobGraphCheck } from '../plan/job-graph-check.ts'
import type { PlanOptions } from '../plan/jobs.ts'
import type { PassedCheck } from '../run/journal/entries.ts'
import { checkedPlan } from './checked-plan.ts'
import { planHash } from './plan-hash.ts'

/** A plan, and what is known of it. */
export interface UncheckedPlan {
  readonly plan: PlanOptions
  readonly graphs: JobGraphCheck
  /** The jobs file, or `-` for stdin. */
  readonly source?: string
  /** The check that the plan of the last run has passed. */
  readonly before?: PassedCheck
}

/** What a check tells of a plan in which it found nothing wrong. */
export interface CheckedOnce extends Pick<PassedCheck, 'jobs' | 'models'> {
  /** For the journal, if a later run may go by it. */
  readonly passed?: PassedCheck
}

/**
 * Checks a plan as `checkedPlan` does, unless the last run's has passed the same check: of the same jobs, against the
 * same node classes, which the servers are asked for anew. So a walk is left out only where it would find nothing, neither
 * in the rows nor on the servers; where that can't be known, the plan is walked. One that left something to warn of, or
 * has jobs that are made of other files than the jobs file, is walked each time.
 */
export async function checkedOnce({
  plan,
  graphs,
  source,
  before,
}: UncheckedPlan): Promise<CheckedOnce | { readonly exitCode: number }> {
  const hash = await planHash(plan, source)
  if (before && before.plan === hash && before.classes === (await graphs.classesHash(plan.workflow))) {
    return { jobs: before.jobs, models: before.models, passed: before }
  }
  const checked = await checkedPlan(plan, graphs)
  if ('exitCode' in checked) return checked
  const { jobs, models, warnings, duplicates, isSelfContained, areNamesDistinct } = checked
  const isWorthTelling = warnings.length + duplicates.length > 0
  if (hash === undefined || isWorthTelling || !isSelfContained) return { jobs, models }
  // A file that was edited meanwhile is not the one that was walked.
  if ((await planHash(plan, source)) !== hash) return { jobs, models }
  const classes = await graphs.classesHash(plan.workflow)
  const names = areNamesDistinct && { areNamesDistinct }
  return { jobs, models, passed: { plan: hash, classes, jobs, models, ...names } }
}
