/** The exit code of a run that a limit has ended, with work left. */
export const limitExitCode = 7

/** How much a run may do. */
export interface LimitOptions {
  /** Most jobs to begin; those that an earlier run has settled do not count. From 1. Default: no limit. */
  readonly maxJobs?: number
  /** Seconds after which nothing new is begun. Default: no limit. */
  readonly maxDuration?: number
}

/** Calls back after so many milliseconds; returns how to prevent that. */
export type Timer = (callback: () => void, milliseconds: number) => () => void

/** Node's timers take no more than this, about 24 days: a longer time would end at once. */
const longestTimeout = 2 ** 31 - 1

/** The limits that `--max-jobs` and `--max-duration` set to a run. */
export class Limits {
  readonly #options: LimitOptions
  readonly #timer: Timer

  /** `timer` is node's own, unless a test wants to be the clock. */
  constructor(options: LimitOptions, timer: Timer = nodeTimer) {
    this.#options = options
    this.#timer = timer
  }

  /** Whether so many jobs, begun in this run, are all that may be. */
  jobLimitReached(started: number): boolean {
    return started >= (this.#options.maxJobs ?? Infinity)
  }

  /**
   * Starts the clock: calls back once when the time is up, with the reason in words for people. Returns how to stop
   * it; a run that has ended must, or the process stays for the rest of the time.
   */
  startDeadline(onReached: (reason: string) => void): () => void {
    const { maxDuration } = this.#options
    if (maxDuration === undefined) return () => {}
    let stop = (): void => {}
    const wait = (left: number): void => {
      const piece = Math.min(left, longestTimeout)
      stop = this.#timer(() => {
        if (piece < left) wait(left - piece)
        else onReached(`the time of --max-duration is up: ${maxDuration} s`)
      }, piece)
    }
    wait(maxDuration * 1000)
    return () => stop()
  }
}

function nodeTimer(callback: () => void, milliseconds: number): () => void {
  const timeout = setTimeout(callback, milliseconds)
  return () => clearTimeout(timeout)
}
