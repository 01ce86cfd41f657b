import { v4 as uuid } from 'uuid'
import type { BinaryFrame } from '../protocol/frames.ts'
import type { SocketMessage } from '../protocol/messages.ts'
import { closeAccess, openAccess, type Access, type AccessOptions } from './access.ts'
import { probeFirmly, type Capabilities } from './capabilities.ts'
import { ServerSocket, type SocketListener } from './socket.ts'

/**
 * A connection to one server, which is being opened from the beginning: a keep-alive pool, the question what the server is,
 * and a socket. Each is several ways to the server and back, and it may be far: so all are on their way at once, and that
 * can be before there is anybody to use them.
 */
export class Connection {
  readonly access: Access
  /** What is posted under it gets its messages over the socket. */
  readonly clientId: string = uuid()
  readonly socket: ServerSocket
  readonly #relay = new Relay()
  readonly #closing = new AbortController()
  readonly #opening: Promise<readonly [Capabilities, void]>

  /** Throws `bad-server-url`, `file-not-found`. */
  constructor(options: AccessOptions) {
    this.access = openAccess(options)
    this.socket = new ServerSocket(this.access, this.clientId, this.#relay)
    this.#opening = Promise.all([probeFirmly(this.access, this.#closing.signal), this.socket.open()])
    // A failure is told to whoever waits for it, if there is anybody.
    this.#opening.catch(() => {})
  }

  /** Who gets what the socket receives from now on. It is told at once what the socket has come to. */
  listen(listener: SocketListener): void {
    this.#relay.listen(listener)
  }

  /**
   * What the server is. Resolves when the socket is open as well, or could not be opened: then that is tried on. Throws
   * `server-unreachable`, `server-refused`, `not-comfyui`.
   */
  async opened(): Promise<Capabilities> {
    const [capabilities] = await this.#opening
    return capabilities
  }

  /** Closes the socket and the pool. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.socket.close()
    await closeAccess(this.access)
  }
}

/** Types of messages that are about no prompt. */
const general = new Set(['feature_flags', 'status'])

/** Passes on what a socket receives, to whoever comes to listen: until then there are no prompts that it could be about. */
class Relay implements SocketListener {
  #listener: SocketListener | undefined
  /** What the socket has come to. Undefined before it has been opened, or failed. */
  #state: 'open' | { readonly lost: string } | undefined
  /** The newest of each general type, on the present connection. */
  readonly #kept = new Map<string, SocketMessage>()

  listen(listener: SocketListener): void {
    this.#listener = listener
    if (this.#state === 'open') {
      listener.opened()
      for (const message of this.#kept.values()) listener.message(message)
    } else if (this.#state) listener.lost(this.#state.lost)
    this.#kept.clear()
  }

  message(message: SocketMessage): void {
    if (this.#listener) this.#listener.message(message)
    else if (general.has(message.type)) this.#kept.set(message.type, message)
  }

  frame(frame: BinaryFrame): void {
    this.#listener?.frame(frame)
  }

  opened(): void {
    this.#kept.clear()
    this.#state = 'open'
    this.#listener?.opened()
  }

  lost(reason: string): void {
    this.#state = { lost: reason }
    this.#listener?.lost(reason)
  }
}
