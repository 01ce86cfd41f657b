import { knownInputs } from '../../plan/known-inputs.ts'
import type { Job } from '../../plan/job.ts'

/** In seconds; of a graph that only changes images. */
const withoutModel = 0.015

/** Whether a job neither samples nor loads what to sample with. */
export function onlyChangesImages({ workflow, base = workflow }: Pick<Job, 'workflow' | 'base'>): boolean {
  // Of the base, which is asked about once for all its jobs.
  const { seeds, models } = knownInputs(base)
  return seeds.size + models.length === 0
}

/**
 * What a job may take a server, in seconds, while none was done there: little if it neither samples nor loads what to
 * sample with. Undefined for all others: from one second to an hour.
 */
export function guessSeconds(job: Pick<Job, 'workflow' | 'base'>): number | undefined {
  return onlyChangesImages(job) ? withoutModel : undefined
}
