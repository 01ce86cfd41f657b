/** A fixed number of places; whoever finds none waits for one, first come first served. */
export class Slots {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Resolves when a place is free; it is not taken. */
  async free(): Promise<void> {
    const release = await this.take()
    release()
  }

  /** Takes a place. Returns how to give it back; giving back twice changes nothing. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    let isGiven = false
    return () => {
      if (isGiven) return
      isGiven = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
