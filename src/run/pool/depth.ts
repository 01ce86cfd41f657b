/** One prompt runs and one waits: the server is never idle, and little is lost if it goes away. */
const usual = 2
/** Of jobs that last milliseconds. Not more: the next ones may be slow, and a stop has to wait for all of them. */
const most = 16
/**
 * What waits on a server is to last for so long, in seconds: that is what the next prompt may take on its way there, behind a
 * burst of files that are being saved.
 */
const reserve = 0.1

/** How many prompts of ours a server is to have, running and waiting, if a job takes it so many seconds. */
export function depthFor(secondsPerJob: number | undefined): number {
  if (secondsPerJob === undefined) return usual
  return Math.min(most, Math.max(usual, 1 + Math.ceil(reserve / secondsPerJob)))
}
