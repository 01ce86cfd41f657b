/** After so many looks without a message, pictures that come over the socket only are given up. */
const looksForPictures = 6

/**
 * What our socket gets of a prompt: all messages; none but those of the queue's length, which tell when it ends, as it was
 * posted without messages; nothing that can be relied on, as it was posted by another process.
 */
export type Expected = 'messages' | 'end' | 'nothing'

/**
 * What the socket has told of one prompt, and whether it can be relied on: a server may have forgotten a socket that is
 * still open (pitfall 16), and a dead worker says nothing on any (pitfall 43).
 */
export class Hearing {
  readonly expected: Expected
  /** What has not come over the socket will not come: the end was told of, or the socket was cut. */
  #isOver = false
  /** The server says that the prompt runs, but no message of it has come. */
  #isUnheard = false
  #silentLooks = 0
  /** How often another socket was asked for. */
  #replaced = 0
  #looksAfterEnd = 0

  constructor(expected: Expected) {
    this.expected = expected
  }

  /** A message has come. */
  heard(): void {
    this.#silentLooks = 0
    this.#looksAfterEnd = 0
    this.#isUnheard = false
  }

  /** A picture or text has come. */
  gotFrame(): void {
    this.#looksAfterEnd = 0
  }

  /** The end was told of, or the socket was cut. */
  over(): void {
    this.#isOver = true
  }

  /**
   * The server says that the prompt runs; `wasStarted` is whether that was known before. Returns whether another socket
   * is needed: this one has not said so in two looks. Each further one gets twice the time.
   */
  needsAnother(wasStarted: boolean, isOpen: boolean): boolean {
    if (!wasStarted && this.expected === 'messages') this.#isUnheard = true
    if (!this.#isUnheard || !isOpen) return false
    this.#silentLooks += 1
    if (this.#silentLooks <= 2 ** this.#replaced) return false
    this.#silentLooks = 0
    this.#replaced += 1
    return true
  }

  /**
   * The prompt has ended. Returns whether the one socket that was open all the while has told nothing of it: not even of its
   * start, where messages were expected, or not of its end, where that was.
   */
  missedAll(wasStarted: boolean, isOpen: boolean): boolean {
    if (this.#isOver || !isOpen || this.expected === 'nothing') return false
    return this.expected === 'end' || this.#isUnheard || !wasStarted
  }

  /**
   * The record is there. Returns whether pictures may still be on their way, which can be large and the way slow; the end
   * marker comes behind them.
   */
  awaitsPictures(isOpen: boolean): boolean {
    this.#looksAfterEnd += 1
    return !this.#isOver && isOpen && this.#looksAfterEnd <= looksForPictures
  }
}
