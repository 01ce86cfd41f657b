/** How far a stop has gone: `drain` starts nothing new, `cancel` also ends what runs. */
export type StopLevel = 'go' | 'drain' | 'cancel'

/** The user's wish to stop, seen by everything that runs. It only ever rises. */
export class Stop {
  #level: StopLevel = 'go'
  #reason = ''
  #exitCode: number | undefined
  readonly #listeners = new Set<() => void>()

  get level(): StopLevel {
    return this.#level
  }

  /** Why, in words for people: `Ctrl-C`. */
  get reason(): string {
    return this.#reason
  }

  /** The exit code that the stop gives the run: 128 plus the signal's number, say. Undefined: what its jobs mean. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  /** Raises the level; a lower or equal one changes nothing. */
  raise(level: 'drain' | 'cancel', reason: string, exitCode?: number): void {
    if (this.#level === 'cancel' || this.#level === level) return
    this.#level = level
    this.#reason = reason
    this.#exitCode = exitCode
    for (const listener of this.#listeners) listener()
  }

  /** Calls back at every rise from now on. Returns how to end that. */
  onRise(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
