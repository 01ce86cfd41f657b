/** How far a stop has gone: `drain` starts nothing new, `cancel` also ends what runs. */
export type StopLevel = 'go' | 'drain' | 'cancel'

/** The user's wish to stop, seen by everything that runs. It only ever rises. */
export class Stop {
  #level: StopLevel = 'go'
  #reason = ''
  #exitCode = 130
  readonly #listeners = new Set<() => void>()

  get level(): StopLevel {
    return this.#level
  }

  /** Why, in words for people: `Ctrl-C`. */
  get reason(): string {
    return this.#reason
  }

  /** 128 plus the number of the signal that came. */
  get exitCode(): number {
    return this.#exitCode
  }

  /** Raises the level; a lower or equal one changes nothing. */
  raise(level: 'drain' | 'cancel', reason: string, exitCode = 130): void {
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
