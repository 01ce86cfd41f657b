/** When one prompt is looked at next. There is one look at a time. All times are milliseconds. */
export class LookClock {
  readonly #look: () => void
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, by the monotonic clock. */
  #nextLook = Infinity
  #isLooking = false
  #isStopped = false
  /** How soon to look again after the look that is under way. */
  #again = Infinity
  /** The next look is one that may be put off. */
  #mayWait = false

  constructor(look: () => void) {
    this.#look = look
  }

  /** Whether a look is under way. */
  get isLooking(): boolean {
    return this.#isLooking
  }

  /** Looks after this time, whatever was planned before. */
  set(milliseconds: number): void {
    if (this.#isStopped) return
    this.#mayWait = false
    clearTimeout(this.#timer)
    this.#nextLook = performance.now() + milliseconds
    this.#timer = setTimeout(this.#look, milliseconds)
  }

  /**
   * Looks within this time. A look that is due earlier stays, or a busy server's many messages would put it off for
   * ever.
   */
  within(milliseconds: number): void {
    if (this.#isLooking) this.#again = Math.min(this.#again, milliseconds)
    else if (performance.now() + milliseconds < this.#nextLook) this.set(milliseconds)
  }

  /** As `within`, for a reason that may turn out to be none: see `putOff`. */
  maybeWithin(milliseconds: number): void {
    const before = this.#nextLook
    this.within(milliseconds)
    this.#mayWait ||= this.#nextLook !== before
  }

  /** The reason of the last `maybeWithin` is none: the next look has this much time. */
  putOff(milliseconds: number): void {
    if (this.#mayWait && !this.#isLooking) this.set(milliseconds)
  }

  /** A look begins. */
  begin(): void {
    this.#isLooking = true
    clearTimeout(this.#timer)
  }

  /** The look has ended. What happened during it may be younger than its answer: then the next one comes sooner. */
  end(milliseconds: number): void {
    this.#isLooking = false
    this.set(Math.min(milliseconds, this.#again))
    this.#again = Infinity
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }
}
