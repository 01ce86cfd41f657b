import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { encodeImage, encodeImageWithMetadata, type ImageFormat } from '../protocol/frames.ts'
import type { NodeId } from '../protocol/graph.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts'
import { parsePython, writePython } from './python-json.ts'
import { features } from './features.ts'
import type { Hooks, Outgoing, OutgoingMessage } from './hooks.ts'

/** The connection below a socket, which can hold back what is written. */
type Connection = Pick<Duplex, 'cork' | 'uncork'>

interface Client {
  readonly socket: WebSocket
  readonly connection: Connection | undefined
  /** The client announced `supports_preview_metadata`. */
  wantsMetadata: boolean
}

/** The node that runs, for a client that connects in the middle. */
export interface Running {
  readonly client: JsonValue | undefined
  readonly node: NodeId | undefined
}

/** The open sockets by client id, and what is sent to them. */
export class Sockets {
  readonly #clients = new Map<string, Client>()
  readonly #rewrite: (outgoing: Outgoing) => readonly Outgoing[]
  readonly #held = new Set<Connection>()

  /** `rewrite` gets everything that is to be sent, and says what goes out instead. */
  constructor(rewrite: Hooks['send'] = (outgoing) => [outgoing]) {
    this.#rewrite = rewrite
  }

  /**
   * Registers a socket. A second one with the same id takes the place of the first; when the first then closes,
   * it takes the registration of the second with it, and that one stays open and silent. So does ComfyUI.
   *
   * With its `connection`, what is sent in one turn of the event loop goes out together at the end of it. ComfyUI's worker
   * leaves its messages to another thread, too: whoever receives one does not take the core from it at once.
   */
  add(
    socket: WebSocket,
    clientId: string | undefined,
    remaining: number,
    running: Running,
    connection?: Connection,
  ): void {
    const sid = clientId || randomUUID().replaceAll('-', '')
    const client: Client = { socket, connection, wantsMetadata: false }
    this.#clients.set(sid, client)
    socket.on('close', () => this.#clients.delete(sid))
    // A socket that breaks also closes; there is nothing else to do about it.
    socket.on('error', () => {})
    let isFirst = true
    socket.on('message', (data, isBinary) => {
      if (isBinary || !isFirst) return
      const message = parsed(data)
      if (message === undefined) return
      isFirst = false
      if (!isJsonObject(message) || message.type !== 'feature_flags') return
      const flags = message.data
      client.wantsMetadata = isJsonObject(flags) && flags.supports_preview_metadata === true
      this.send('feature_flags', features, sid)
    })
    this.send('status', { ...statusData(remaining), sid }, sid)
    if (running.client === sid && running.node !== undefined) {
      this.send('executing', { node: running.node }, sid)
    }
  }

  /** Closes all connections with a close frame. */
  closeAll(code: number): void {
    for (const { socket } of this.#clients.values()) socket.close(code)
  }

  /** Tells everybody how many prompts remain. */
  sendStatus(remaining: number): void {
    this.send('status', statusData(remaining))
  }

  /** Sends a text frame to one client (dropped if it is not connected), or to all. */
  send(type: string, data: OutgoingMessage['data'], client?: JsonValue): void {
    this.#send({ client, content: { type, data } })
  }

  /** Sends something to all, as it stands. */
  broadcast(content: Outgoing['content']): void {
    this.#send({ client: undefined, content })
  }

  /** Forgets all sockets, which stay open: as if an older socket of each had closed. */
  forgetAll(): void {
    this.#clients.clear()
  }

  /** Ends all connections without a close frame. */
  cutAll(): void {
    this.#release()
    for (const { socket } of this.#clients.values()) socket.terminate()
  }

  /** Whether the frame of an image would reach anybody. */
  isHeard(client: JsonValue | undefined): boolean {
    return this.#targets(client).length > 0
  }

  /** The client announced that it understands images with metadata (binary type 4). */
  wantsMetadata(client: JsonValue | undefined): boolean {
    return typeof client === 'string' && this.#clients.get(client)?.wantsMetadata === true
  }

  /** Sends an image as a type 1 frame. */
  sendImage(format: ImageFormat, image: Uint8Array, client: JsonValue | undefined): void {
    this.#send({ client, content: encodeImage(format, image) })
  }

  /** Sends an image as a type 4 frame. */
  sendImageWithMetadata(metadata: JsonObject, image: Uint8Array, client: JsonValue | undefined): void {
    this.#send({ client, content: encodeImageWithMetadata(metadata, image) })
  }

  #send(wanted: Outgoing): void {
    if (this.#clients.size === 0) return
    for (const { client, content } of this.#rewrite(wanted)) {
      const isFrame = typeof content === 'string' || Buffer.isBuffer(content)
      const frame = isFrame ? content : writePython({ type: content.type, data: content.data })
      for (const { socket, connection } of this.#targets(client)) {
        if (connection) this.#hold(connection)
        socket.send(frame)
      }
    }
  }

  #hold(connection: Connection): void {
    if (this.#held.size === 0) process.nextTick(() => this.#release())
    if (this.#held.has(connection)) return
    this.#held.add(connection)
    connection.cork()
  }

  #release(): void {
    for (const connection of this.#held) connection.uncork()
    this.#held.clear()
  }

  #targets(client: JsonValue | undefined): readonly Client[] {
    if (client === undefined) return [...this.#clients.values()]
    const found = typeof client === 'string' ? this.#clients.get(client) : undefined
    return found ? [found] : []
  }
}

function statusData(remaining: number): JsonObject {
  return { status: { exec_info: { queue_remaining: remaining } } }
}

function parsed(data: unknown): JsonValue | undefined {
  try {
    return parsePython(String(data))
  } catch {
    return undefined
  }
}
