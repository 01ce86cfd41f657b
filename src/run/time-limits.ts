import { ComfyRunError } from '../errors.ts'

export interface TimeLimitOptions {
  /** Seconds that the server may work on one job. Default: no limit. */
  readonly timeout?: number
  /** Seconds that a running job may be silent. Default: no limit. */
  readonly stall?: number
}

/**
 * The time limits of one job. They begin when the server does: waiting in its queue is no fault. When one is
 * exceeded, `signal` is aborted with the error that the job then ends with: `job-timed-out` or `job-stalled`.
 */
export class TimeLimits {
  readonly #options: TimeLimitOptions
  readonly #exceeded: AbortController | undefined
  #timeout: NodeJS.Timeout | undefined
  #stall: NodeJS.Timeout | undefined

  constructor(options: TimeLimitOptions) {
    this.#options = options
    const { timeout, stall } = options
    if (timeout !== undefined || stall !== undefined) this.#exceeded = new AbortController()
  }

  /** Undefined if there is no limit. */
  get signal(): AbortSignal | undefined {
    return this.#exceeded?.signal
  }

  /** The server has begun to work on the job. */
  start(): void {
    const { timeout, stall } = this.#options
    if (timeout !== undefined) {
      this.#timeout ??= setTimeout(() => {
        this.#exceeded?.abort(
          new ComfyRunError('job-timed-out', `the job ran longer than --timeout ${timeout} and was stopped`),
        )
      }, timeout * 1000)
    }
    if (stall !== undefined) {
      this.#stall ??= setTimeout(() => {
        this.#exceeded?.abort(
          new ComfyRunError('job-stalled', `the job was silent for longer than --stall ${stall}`, {
            hint: 'loading a large model is silent, too: allow for the longest such time',
          }),
        )
      }, stall * 1000)
    }
  }

  /** The server has told something of the job. */
  heard(): void {
    this.#stall?.refresh()
  }

  /** Ends the limits; a job that has ended must, or the process stays for the rest of the time. */
  end(): void {
    clearTimeout(this.#timeout)
    clearTimeout(this.#stall)
  }
}
