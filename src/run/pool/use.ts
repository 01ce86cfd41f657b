import type { ServerUse } from '../../events.ts'

/** Weight of the newest job in the average. */
const weight = 0.3
/** In seconds: what clocks count. */
const least = 0.001

/** Keeps account of one server's use. Times are milliseconds of `clock`. */
export class UseAccount {
  readonly #clock: () => number
  readonly #openedAt: number
  #jobs = 0
  #failed = 0
  #busyMilliseconds = 0
  #busySince: number | undefined
  #load = 0
  /** When the job that runs now could begin. */
  #turnAt = 0
  #secondsPerJob: number | undefined
  /** How many jobs are in the average. */
  #measured = 0

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
    this.#openedAt = clock()
  }

  /** Prompts of ours that are on it: running and waiting. */
  get load(): number {
    return this.#load
  }

  /**
   * An average of what jobs take there, the latest counting most, and the first only while it is the only one: it loads the
   * models. Undefined until one was done.
   */
  get secondsPerJob(): number | undefined {
    return this.#secondsPerJob
  }

  /** How long it has been working on the present job, in seconds. */
  get runningFor(): number {
    return this.#load === 0 ? 0 : (this.#clock() - this.#turnAt) / 1000
  }

  /** A prompt goes there. */
  arrived(): void {
    const now = this.#clock()
    if (this.#load === 0) {
      this.#busySince = now
      this.#turnAt = now
    }
    this.#load += 1
  }

  /** A prompt has left it. Returns how many seconds it was its turn. */
  departed(): number {
    const now = this.#clock()
    const seconds = (now - this.#turnAt) / 1000
    this.#load -= 1
    this.#turnAt = now
    if (this.#load === 0 && this.#busySince !== undefined) {
      this.#busyMilliseconds += now - this.#busySince
      this.#busySince = undefined
    }
    return seconds
  }

  /** A job took so long, and others will take as long. */
  took(seconds: number): void {
    this.#measured += 1
    const before = this.#measured > 2 ? (this.#secondsPerJob ?? seconds) : seconds
    this.#secondsPerJob = Math.max(least, before + weight * (seconds - before))
  }

  /** A job has ended that was started here. */
  ended(isDone: boolean): void {
    this.#jobs += 1
    if (!isDone) this.#failed += 1
  }

  /** The account as it stands. */
  report(server: string): ServerUse {
    const now = this.#clock()
    const busy = this.#busyMilliseconds + (this.#busySince === undefined ? 0 : now - this.#busySince)
    const all = now - this.#openedAt
    return {
      server,
      jobs: this.#jobs,
      failed: this.#failed,
      busySeconds: busy / 1000,
      busyShare: all > 0 ? Math.min(1, busy / all) : 0,
    }
  }
}
