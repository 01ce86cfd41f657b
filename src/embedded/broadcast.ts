import type { JsonValue } from '../protocol/json.ts'
import type { StatusMessage } from './item.ts'
import type { Writable } from './python-json.ts'
import type { Sockets } from './sockets.ts'

type Data = { readonly [key: string]: Writable }

/** Sends the events of one prompt to its client, and keeps those that history shows. */
export class Broadcast {
  readonly messages: StatusMessage[] = []
  readonly #sockets: Sockets
  readonly #client: JsonValue | undefined

  constructor(sockets: Sockets, client: JsonValue | undefined) {
    this.#sockets = sockets
    this.#client = client
  }

  /** Sends to the prompt's client; to nobody if it has none. */
  toClient(type: string, data: Data): void {
    if (this.#client !== undefined) this.#sockets.send(type, data, this.#client)
  }

  /** Sends to the prompt's client; to everybody if it has none. */
  toClientOrAll(type: string, data: Data): void {
    this.#sockets.send(type, data, this.#client)
  }

  /** Sends with the time, and keeps it for history. */
  record(type: string, data: Data): void {
    const timed = { ...data, timestamp: Date.now() }
    this.messages.push([type, timed])
    // An interruption is told to all if the prompt has no client; the others to nobody.
    if (type === 'execution_interrupted') this.toClientOrAll(type, timed)
    else this.toClient(type, timed)
  }
}
