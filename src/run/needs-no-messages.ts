import type { Job } from '../plan/job.ts'
import type { RunOptions } from './options.ts'
import { onlyChangesImages } from './pool/guess.ts'

/** Shorter jobs, in seconds, are over before a display has shown them: it shows 20 pictures a second. */
const shortestShown = 0.05

/** What may depend on the messages of a job. */
type Needs = Pick<RunOptions, 'nodeEvents' | 'savePreviews' | 'timeout' | 'stall' | 'halt'>

/**
 * Whether all that is wanted of a job is its end, so that the server need not tell of its nodes: it takes
 * milliseconds, as those before it (`secondsPerJob`), it has no sampler to be slow or to show steps of, nobody listens,
 * and no rule is about when it began or how it ended.
 */
export function needsNoMessages(
  job: Pick<Job, 'workflow' | 'base'>,
  { nodeEvents = true, savePreviews = false, timeout, stall, halt }: Needs,
  secondsPerJob: number | undefined,
): boolean {
  if (nodeEvents || savePreviews || timeout !== undefined || stall !== undefined) return false
  if (halt && !halt.isNever) return false
  return secondsPerJob !== undefined && secondsPerJob < shortestShown && onlyChangesImages(job)
}
