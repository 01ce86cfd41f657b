import { isJsonObject } from '../protocol/json.ts'
import type { SocketMessage } from '../protocol/messages.ts'

/** A prompt of ours in the server's queue, running or waiting. */
export interface Queued {
  /** None of ours is before it: the server works on it, or will next. */
  reachedFront(): void
  /** It is not in the queue any more, as far as the length of the queue tells. */
  leftQueue(): void
  /** The queue became shorter, and it may be by this one. */
  queueShrank(): void
}

/**
 * Learns which of our prompts have left a server's queue from its length alone, which the server sends to every socket
 * whenever a prompt is put in, begun, or has ended. What is ours is run in the order in which it was put in. Of our POSTs,
 * an answer may come before the message of the new length, or after it: so it is counted which was there first.
 *
 * Prompts of others make the queue longer, and then less is learnt. If they come and go just while we post, an end may be
 * told too early: it is a hint, and the server's record has to confirm it.
 */
export class QueueWatch {
  /** In the order in which the server runs them. */
  readonly #ours: Queued[] = []
  /** How many of them, the last ones, the length does not count yet. */
  #uncounted = 0
  /** POSTs without an answer. */
  #submitting = 0
  /** Of these, those that the length counts already. */
  #early = 0
  /** Of these, those that have left the queue already. */
  #gone = 0
  /** Of these, those that were sent before the present connection: nobody knows whether they were counted. */
  #doubtful = 0
  /** Undefined on a new connection. */
  #length: number | undefined
  /** The length has told of an end of ours, on the present connection. */
  #hasTold = false

  /** Whether the length will tell of the end of a prompt that is posted now: it has told of others, and all there are ours. */
  get willTell(): boolean {
    return this.#hasTold && this.#length !== undefined && this.#length <= this.#counted
  }

  /** Whether prompts are on their way to the server. */
  get isSubmitting(): boolean {
    return this.#submitting > 0
  }

  /** A prompt is being posted; `settle` must follow. */
  expect(): void {
    this.#submitting += 1
  }

  /** The server has accepted a prompt, or there will be none. */
  settle(prompt?: Queued): void {
    this.#submitting -= 1
    if (!prompt) {
      this.#gone = Math.min(this.#gone, this.#submitting)
      this.#early = Math.min(this.#early, this.#submitting - this.#gone)
    } else if (this.#gone > 0) {
      this.#gone -= 1
      prompt.leftQueue()
    } else if (this.#early > 0 || this.#doubtful > 0) {
      this.#early = Math.max(0, this.#early - 1)
      this.add(prompt)
    } else {
      this.#ours.push(prompt)
      this.#uncounted += 1
      if (this.#ours.length === 1) prompt.reachedFront()
    }
    this.#doubtful = Math.max(0, this.#doubtful - 1)
  }

  /** Takes up a prompt that is in the queue, and that the length counts. */
  add(prompt: Queued): void {
    this.#ours.splice(this.#ours.length - this.#uncounted, 0, prompt)
    if (this.#ours.length === 1) prompt.reachedFront()
  }

  /** How a prompt ended is known. */
  remove(prompt: Queued): void {
    const index = this.#ours.indexOf(prompt)
    if (index === -1) return
    if (index >= this.#ours.length - this.#uncounted) this.#uncounted -= 1
    this.#ours.splice(index, 1)
    if (index === 0) this.#ours[0]?.reachedFront()
  }

  /** A new connection: what it tells is still to be seen, and messages were missed, so that each prompt must be asked for. */
  reset(): void {
    this.#length = undefined
    this.#hasTold = false
    this.#uncounted = 0
    this.#early = 0
    this.#gone = 0
    this.#doubtful = this.#submitting
  }

  /** Takes a `status` message; others tell nothing of the queue. */
  message({ type, data }: SocketMessage): void {
    const { status } = type === 'status' ? data : {}
    const info = isJsonObject(status) ? status.exec_info : undefined
    const length = isJsonObject(info) ? info.queue_remaining : undefined
    if (typeof length !== 'number') return
    const before = this.#length ?? length
    // Those that left while nobody told of it are looked for by themselves.
    if (this.#length === undefined && this.#counted > length) this.#ours.splice(0, this.#counted - length)
    this.#length = length
    if (length > before) this.#count(length - before)
    if (this.#counted > length) this.#takeOut(this.#counted - length)
    else if (length < before) for (const prompt of this.#ours) prompt.queueShrank()
  }

  /** How many prompts of ours the length should count. */
  get #counted(): number {
    return this.#ours.length - this.#uncounted + this.#early
  }

  /** So many more are in the queue. Those that we know nothing of are other people's. */
  #count(added: number): void {
    const known = Math.min(added, this.#uncounted)
    this.#uncounted -= known
    const mayBeEarly = Math.max(0, this.#submitting - this.#early - this.#gone)
    this.#early += Math.min(added - known, mayBeEarly)
  }

  /** So many of ours have left. */
  #takeOut(count: number): void {
    const left = this.#ours.splice(0, Math.min(count, this.#ours.length - this.#uncounted))
    this.#early -= count - left.length
    this.#gone += count - left.length
    this.#hasTold = true
    for (const prompt of left) prompt.leftQueue()
    if (left.length > 0) this.#ours[0]?.reachedFront()
  }
}
