import { knownInputs } from '../../plan/known-inputs.ts'
import type { Job } from '../../plan/job.ts'

/** In seconds; of a graph that only changes images. */
const withoutModel = 0.015

/**
 * What a job may take a server, in seconds, while none was done there: little if it neither samples nor loads what to
 * sample with. Undefined for all others: from one second to an hour.
 */
export function guessSeconds({ workflow }: Pick<Job, 'workflow'>): number | undefined {
  const { seeds, models } = knownInputs(workflow)
  return seeds.size + models.length === 0 ? withoutModel : undefined
}
