import type { Agent } from 'node:http'
import { WebSocket, type RawData } from 'ws'
import { messageOf } from '../errors.ts'
import { decodeFrame, type BinaryFrame } from '../protocol/frames.ts'
import { featureFlagsMessage, parseMessage, type SocketMessage } from '../protocol/messages.ts'
import { socketProxyAgent, type Access } from './access.ts'
import { socketEndpoint } from './address.ts'

/** Who gets what a socket receives. Called synchronously, in the order of arrival. */
export interface SocketListener {
  message(message: SocketMessage): void
  frame(frame: BinaryFrame): void
  /** The socket is open (again); nothing that was missed is replayed. */
  opened(): void
  /** The socket is gone; it is being opened anew. */
  lost(reason: string): void
}

/** Images of SaveImageWebsocket are the largest; the server could keep us busy with longer ones. */
const largestFrame = 256 * 1024 * 1024
/** Longer texts are no messages: the largest hold what a node put out as text. */
const longestText = 16 * 1024 * 1024
const longestHandshake = 20_000
const pingEvery = 25_000
/** A server holds its event loop for long under load, so several pings may go unanswered. */
const missedPingsAllowed = 3

/**
 * The WebSocket to one server: keeps itself open until closed. It uses one client id for its whole life, so
 * that events of running prompts go on after a reconnect. The old connection is always fully closed first:
 * with two sockets of one id, ComfyUI forgets the newer one when the older closes.
 */
export class ServerSocket {
  readonly #access: Access
  readonly #url: URL
  readonly #listener: SocketListener
  /** Takes it through a proxy, if there is one. */
  #agent: Agent | undefined
  #socket: WebSocket | undefined
  #retry: NodeJS.Timeout | undefined
  #ping: NodeJS.Timeout | undefined
  #attempts = 0
  #closed = false

  constructor(access: Access, clientId: string, listener: SocketListener) {
    this.#access = access
    this.#url = socketEndpoint(access.address, clientId)
    this.#listener = listener
  }

  /** Opens the socket. Resolves once the first attempt succeeded or failed; after a failure it is tried on. */
  async open(): Promise<void> {
    this.#agent = await socketProxyAgent(this.#url, this.#access.tls)
    if (this.#closed) return
    await new Promise<void>((resolve) => this.#connect(resolve))
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Drops a connection that is open but silent, and opens a new one. */
  replace(): void {
    this.#socket?.terminate()
  }

  /** Closes for good. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    clearInterval(this.#ping)
    this.#socket?.terminate()
  }

  #connect(settled: () => void): void {
    const socket = new WebSocket(this.#url, {
      headers: this.#access.headers,
      perMessageDeflate: false,
      maxPayload: largestFrame,
      handshakeTimeout: Math.min(longestHandshake, this.#access.silence),
      ...this.#access.tls,
      ...(this.#agent && { agent: this.#agent }),
    })
    this.#socket = socket
    let reason = 'the connection was cut'
    socket.on('open', () => {
      this.#attempts = 0
      socket.send(featureFlagsMessage)
      this.#startPing(socket)
      this.#listener.opened()
      settled()
    })
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('error', (error) => {
      reason = messageOf(error)
    })
    socket.on('close', () => {
      clearInterval(this.#ping)
      if (!this.#closed) {
        this.#listener.lost(reason)
        this.#retry = setTimeout(() => this.#connect(() => {}), this.#delay())
      }
      settled()
    })
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) {
      const frame = decodeFrame(bytesOf(data))
      if (frame) this.#listener.frame(frame)
    } else {
      // A text frame always arrives as one Buffer: `binaryType` is left at its default.
      const text = data as Buffer
      const message = text.length > longestText ? undefined : parseMessage(text.toString('utf8'))
      if (message) this.#listener.message(message)
    }
  }

  /** Doubles from 0.1 s to 10 s, with jitter so that many clients do not return in step. */
  #delay(): number {
    this.#attempts += 1
    return Math.min(10_000, 100 * 2 ** this.#attempts) * (0.75 + Math.random() / 2)
  }

  /** ComfyUI never pings, and proxies cut idle sockets. */
  #startPing(socket: WebSocket): void {
    let missed = 0
    socket.on('pong', () => {
      missed = 0
    })
    this.#ping = setInterval(() => {
      missed += 1
      if (missed > missedPingsAllowed) socket.terminate()
      else socket.ping()
    }, pingEvery)
    this.#ping.unref()
  }
}

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as Buffer)
}
