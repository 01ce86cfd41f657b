import type { Workflow } from '../workflow/workflow.ts'
import type { PlannedJob } from './planned-job.ts'

/**
 * Whether a job is made of its row and the plan's options alone: of no other file (one to upload, one to compare outputs
 * with, a workflow or LoRAs of its own) and not of today's date. What a check finds of such jobs, it finds again as long as
 * rows and options stay what they are. `workflow` is the plan's.
 */
export function isSelfContained(job: PlannedJob, workflow: Workflow): boolean {
  return (
    job.base === workflow &&
    job.uploads.length === 0 &&
    job.expect === undefined &&
    !job.nameTemplate?.some((part) => typeof part !== 'string' && part.name === 'date')
  )
}
