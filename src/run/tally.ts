import { ComfyRunError, errorCodes, type ErrorCode } from '../errors.ts'
import type { JobFinished } from '../events.ts'

const checkFailed = errorCodes['check-failed']

/** Counts how the jobs of a run ended, and knows the exit code that this means. */
export class Tally {
  done = 0
  failed = 0
  cancelled = 0
  /** Settled by an earlier run; those that failed there also count as failed. */
  skipped = 0
  files = 0
  readonly #count: number
  #doneBefore = 0
  readonly #failureCodes = new Set<number>()

  /** `count` is the number of jobs in the plan. */
  constructor(count: number) {
    this.#count = count
  }

  /** Jobs that were never begun. */
  get notRun(): number {
    return Math.max(0, this.#count - this.done - this.failed - this.cancelled - this.#doneBefore)
  }

  add({ status, error, files }: Pick<JobFinished, 'status' | 'error' | 'files'>): void {
    this.files += files.length
    if (status === 'done') this.done += 1
    else if (status === 'cancelled') this.cancelled += 1
    else {
      this.failed += 1
      this.#failureCodes.add(error ? errorCodes[error.code] : 1)
    }
  }

  /** Whether a job has failed for a reason of the same kind. */
  hasFailedWith(code: ErrorCode): boolean {
    return this.#failureCodes.has(errorCodes[code])
  }

  /** Takes a job that an earlier run has settled; `failedWith` is the error's code if it failed there. */
  skip(failedWith: ErrorCode | undefined): void {
    this.skipped += 1
    if (failedWith === undefined) this.#doneBefore += 1
    else {
      this.failed += 1
      this.#failureCodes.add(errorCodes[failedWith])
    }
  }

  /** Takes all jobs: an earlier run has done them. */
  skipAll(): void {
    this.skipped = this.#count
    this.#doneBefore = this.#count
  }

  /**
   * The exit code: 0 only if every job is done. `stopCode` is that of a stop by the user (130, 143), `fatal` an
   * error that ended the whole run.
   */
  exitCode(stopCode: number | undefined, fatal: ComfyRunError | undefined): number {
    const done = this.done + this.#doneBefore
    if (done === this.#count && this.failed === 0 && !fatal) return 0
    if (stopCode !== undefined) return stopCode
    if (fatal) return fatal.exitCode
    const [code = 1] = this.#failureCodes
    const isOneCode = this.#failureCodes.size === 1
    // Every image was made, and some are not what was asked for.
    if (isOneCode && code === checkFailed && this.notRun === 0) return checkFailed
    if (done > 0 || this.#failureCodes.size === 0) return this.#count > 1 ? 3 : 1
    // All failed: if all for one reason, that reason's code says more than "failed".
    return isOneCode ? code : 1
  }
}
