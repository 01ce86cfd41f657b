/** What choosing a server looks at. Times are in seconds. */
export interface Candidate {
  /** Prompts of ours that are on it: running and waiting. */
  readonly load: number
  /** What a job takes there; undefined until one was done. */
  readonly secondsPerJob: number | undefined
  /** How long the job that it works on has been running. */
  readonly runningFor: number
}

/**
 * The candidate that a job should go to: an idle one before one that works, and of those the one that would be done
 * first. Undefined if there is none.
 */
export function chooseBest<T extends Candidate>(candidates: readonly T[]): T | undefined {
  let best: T | undefined
  for (const one of candidates) if (!best || isBetter(one, best)) best = one
  return best
}

/**
 * Whether a job should go to a candidate now. Towards the end of a run it may be quicker to leave it for the others,
 * when the candidate is so slow that they would have done all the `remaining` jobs (this one included) before it is
 * done with this one. What a server needs for a job is unknown at first: then nobody is left out.
 */
export function isWorthwhile(candidate: Candidate, others: readonly Candidate[], remaining: number): boolean {
  if (others.length === 0) return true
  let jobsPerSecond = 0
  let jobs = remaining
  for (const { load, secondsPerJob, runningFor } of others) {
    if (secondsPerJob === undefined) return true
    jobsPerSecond += 1 / secondsPerJob
    jobs += load - Math.min(load, runningFor / secondsPerJob)
  }
  const soonest = Math.min(...others.map(secondsUntilDone))
  return secondsUntilDone(candidate) <= Math.max(jobs / jobsPerSecond, soonest)
}

function isBetter(one: Candidate, other: Candidate): boolean {
  return one.load < other.load || (one.load === other.load && secondsUntilDone(one) < secondsUntilDone(other))
}

/** When a job that goes to the candidate now would be done. */
function secondsUntilDone({ load, secondsPerJob = 0, runningFor }: Candidate): number {
  return Math.max(0, load * secondsPerJob - runningFor) + secondsPerJob
}
