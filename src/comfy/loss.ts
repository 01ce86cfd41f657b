/** Who is told of a connection. */
export interface LossListener {
  /** Told when the socket is lost, or could not be opened at first. */
  readonly onLost?: (reason: string) => void
  /** Told when it is back. */
  readonly onRecovered?: () => void
}

/**
 * Tells of the losses of a socket: each once, however often it fails to come back, and the first only when the server is
 * known to be there. That it can't be reached at all is another error's to say.
 */
export class Loss {
  readonly #listener: LossListener
  #isServerThere = false
  /** Why there is no socket now, if there is none. */
  #reason: string | undefined

  constructor(listener: LossListener) {
    this.#listener = listener
  }

  /** The server has answered. */
  serverIsThere(): void {
    this.#isServerThere = true
    if (this.#reason !== undefined) this.#listener.onLost?.(this.#reason)
  }

  /** There is no socket. */
  lost(reason: string): void {
    const isKnown = this.#reason !== undefined
    this.#reason ??= reason
    if (this.#isServerThere && !isKnown) this.#listener.onLost?.(reason)
  }

  /** There is one. */
  opened(): void {
    const wasLost = this.#reason !== undefined
    this.#reason = undefined
    if (this.#isServerThere && wasLost) this.#listener.onRecovered?.()
  }
}
