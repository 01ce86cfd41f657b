import type { BinaryFrame } from '../protocol/frames.ts'
import { stringifyJson, type JsonObject } from '../protocol/json.ts'
import type { SocketMessage } from '../protocol/messages.ts'

/** A prompt as the router sees it. */
export interface Recipient {
  message(message: SocketMessage): void
  frame(frame: BinaryFrame): void
}

/** Messages of a prompt whose POST is not answered yet are kept, up to this many. */
const mostBuffered = 5000
/** And no more than this together, in bytes or characters: a server may send anything under any id. */
const largestBuffer = 64 * 2 ** 20

/**
 * Gives each message of a socket to the prompt that it belongs to. Messages of other people's prompts, which
 * servers broadcast, are dropped; so is everything that can't be attributed.
 */
export class Router {
  readonly #recipients = new Map<string, Recipient>()
  /** How many POSTs are under way: only then can a message of an unknown prompt be ours. */
  #submitting = 0
  #buffer: { readonly promptId: string; readonly deliver: (to: Recipient) => void }[] = []
  #bufferedSize = 0
  /** The prompt of ours that the server works on, for frames that carry no id. */
  #running: string | undefined
  #hasMetadata = false

  /** Keeps messages of unknown prompts until `settle` is called. */
  expect(): void {
    this.#submitting += 1
  }

  /** A POST was answered, by an id and who gets its messages from now on, or by a failure. */
  settle(promptId?: string, recipient?: Recipient): void {
    this.#submitting -= 1
    const buffered = this.#buffer
    if (this.#submitting === 0) {
      this.#buffer = []
      this.#bufferedSize = 0
    }
    if (promptId === undefined || recipient === undefined) return
    this.#recipients.set(promptId, recipient)
    for (const entry of buffered) if (entry.promptId === promptId) entry.deliver(recipient)
  }

  /** No more messages for a prompt. */
  forget(promptId: string): void {
    this.#recipients.delete(promptId)
    if (this.#running === promptId) this.#running = undefined
  }

  /** A new connection: what the old one had agreed on is void. */
  reset(): void {
    this.#hasMetadata = false
    this.#running = undefined
  }

  /** Takes a text message. */
  message(message: SocketMessage): void {
    if (message.type === 'feature_flags') this.#hasMetadata = message.data.supports_preview_metadata === true
    const promptId = message.data.prompt_id
    if (typeof promptId !== 'string') return
    this.#noteRunning(promptId, message)
    this.#deliver(promptId, (recipient) => recipient.message(message), message.data)
  }

  /** Takes a binary frame. */
  frame(frame: BinaryFrame): void {
    if (frame.kind === 'image-with-metadata') {
      this.#deliver(frame.promptId, (recipient) => recipient.frame(frame), frame.image)
      return
    }
    // An image without metadata on a socket that asked for it belongs to a prompt without client id: not ours.
    if (frame.kind === 'image' && this.#hasMetadata) return
    if (this.#running !== undefined) {
      const content = frame.kind === 'text' ? frame.text : frame.image
      this.#deliver(this.#running, (recipient) => recipient.frame(frame), content)
    }
  }

  #noteRunning(promptId: string, { type, data }: SocketMessage): void {
    const runs = type === 'execution_start' || (type === 'executing' && data.node !== null)
    // After a new connection the start was missed; only of our own prompts is it then known that they run.
    if (runs || (type === 'progress' && this.#recipients.has(promptId))) this.#running = promptId
    else if (type === 'executing' && this.#running === promptId) this.#running = undefined
  }

  #deliver(
    promptId: string,
    deliver: (to: Recipient) => void,
    content: JsonObject | Uint8Array | string,
  ): void {
    const recipient = this.#recipients.get(promptId)
    if (recipient) return deliver(recipient)
    if (this.#submitting === 0 || this.#buffer.length === mostBuffered) return
    this.#bufferedSize += sizeOf(content)
    if (this.#bufferedSize <= largestBuffer) this.#buffer.push({ promptId, deliver })
  }
}

function sizeOf(content: JsonObject | Uint8Array | string): number {
  const isMessage = typeof content !== 'string' && !(content instanceof Uint8Array)
  return isMessage ? stringifyJson(content).length : content.length
}
