/** One prompt runs and one waits: the server is never idle, and little is lost if it goes away. */
const usual = 2
/**
 * Of jobs that last milliseconds. Not more: a stop has to wait for all of them, and the next ones may be slow, while other
 * servers have nothing to do.
 */
const most = 16
const mostOfOne = 32
/**
 * What waits on a server is to last for so long, in seconds: that is what the next prompt may take on its way there, behind a
 * burst of files that are being saved.
 */
const reserve = 0.1

/**
 * How many prompts of ours a server is to have, running and waiting, if a job takes it so many seconds. `isAlone`: it is
 * the only server of the run.
 */
export function depthFor(secondsPerJob: number | undefined, isAlone: boolean): number {
  if (secondsPerJob === undefined) return usual
  const enough = Math.max(usual, 1 + Math.ceil(reserve / secondsPerJob))
  return Math.min(isAlone ? mostOfOne : most, enough)
}

/**
 * How many jobs of one server may be in hand: on it, or done there while their ends are being confirmed and their files
 * fetched. Ends are confirmed together, ten times a second: of the quickest jobs some 40 come in that time.
 */
export function mostInHand(isAlone: boolean): number {
  return 4 * (isAlone ? mostOfOne : most)
}
