import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { WebSocketServer, type WebSocket } from 'ws'
import { bodyOf, type FrameEvent, type HttpEvent, type Scenario } from './golden.ts'
import { ReplayState, type PlainAnswer } from './replay-state.ts'
import { hasSockets } from './timeline.ts'

/** A request that the replayed server got. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface ReplayOptions {
  /** Play the part of this recorded socket only; the others are left out. */
  readonly as?: string
  /** The ComfyUI version to claim; by default the recorded one, 0.33.0. */
  readonly version?: string
}

/** A recorded server, alive again. */
export interface Replay {
  readonly url: string
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[]
  /** Resolves when the last event of the recording has been played. */
  readonly played: Promise<void>
}

interface Connection {
  readonly socket: WebSocket
  /** Opens when the client has sent its first frame. */
  readonly spoke: Gate<void>
}

/**
 * Starts a server that answers a client as the recorded one did. The recording is played in its order: it
 * waits where the recorded client sent something (a POST, a socket, its first frame) until ours does the same,
 * and sends everything else at once. What a client reads (GET) is answered from the state that the recording
 * has reached. The server is closed with the test.
 */
export async function startReplay(
  t: TestContext,
  scenario: Scenario,
  options: ReplayOptions = {},
): Promise<Replay> {
  const player = new Player(scenario, options)
  const server = createServer((request, response) => {
    void player.request(request, response)
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    if (!hasSockets(scenario)) stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    else sockets.handleUpgrade(request, stream, head, (socket) => player.connected(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests: player.requests,
    played: player.play(),
  }
}

class Player {
  readonly requests: SeenRequest[] = []
  readonly #scenario: Scenario
  readonly #options: ReplayOptions
  readonly #state: ReplayState
  /** Requests that a recorded one is waiting for, or the other way round; by the event's index. */
  readonly #posts = new Map<number, Gate<ServerResponse>>()
  readonly #newcomers = new Channel<Connection>()
  readonly #sockets = new Map<string, Connection>()
  readonly #looks = new Channel<void>()

  constructor(scenario: Scenario, options: ReplayOptions) {
    this.#scenario = scenario
    this.#options = options
    this.#state = new ReplayState(scenario, options.version)
    for (const [index, event] of scenario.events.entries()) {
      if (event.dir === 'http' && event.method === 'POST') this.#posts.set(index, new Gate())
    }
  }

  connected(socket: WebSocket): void {
    const spoke = new Gate<void>()
    socket.once('message', () => spoke.open())
    this.#newcomers.put({ socket, spoke })
  }

  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = 'GET', url: path = '/' } = request
    const body = Buffer.concat(chunks).toString('utf8')
    this.requests.push({ method, path, headers: request.headers, body })
    if (method === 'POST') {
      const gate = this.#unclaimed(path)
      if (gate) return gate.open(response)
    } else {
      this.#looks.offer()
    }
    const answer = this.#state.answer(method, path, request.headers)
    if ('dir' in answer) answerRecorded(response, answer)
    else answerPlain(response, answer)
  }

  #unclaimed(path: string): Gate<ServerResponse> | undefined {
    for (const [index, gate] of this.#posts) {
      const event = this.#scenario.events[index] as HttpEvent
      if (event.path === path && !gate.isOpen) return gate
    }
    return undefined
  }

  async play(): Promise<void> {
    for (const index of this.#scenario.events.keys()) await this.#step(index)
  }

  async #step(index: number): Promise<void> {
    const event = this.#scenario.events[index]
    const label = (event && 'socket' in event && event.socket) || ''
    if (!event || (this.#options.as !== undefined && label !== '' && label !== this.#options.as)) return
    switch (event.dir) {
      case 'http': {
        const waiting = await this.#posts.get(index)?.opened
        if (!hasSockets(this.#scenario) && this.#state.isLook(event)) await this.#looks.take()
        this.#state.played = index + 1
        if (waiting) answerRecorded(waiting, event)
        return
      }
      case 'ws-open':
        this.#sockets.set(label, await this.#newcomers.take())
        return
      case 'ws-send':
        return this.#sockets.get(label)?.spoke.opened
      case 'ws':
        // The server's state changes before it tells.
        this.#state.played = index + 1
        return this.#send(label, event)
      case 'ws-close':
      case 'ws-drop':
        if (this.#goesOn(index)) this.#sockets.get(label)?.socket.terminate()
        return
      case 'note':
        return
    }
  }

  /** Resolves when the frame is on its way; a client that has gone is no matter. */
  async #send(label: string, { text, binary }: FrameEvent): Promise<void> {
    const socket = this.#sockets.get(label)?.socket
    const data = binary === undefined ? (text ?? '') : Buffer.from(binary, 'base64')
    await new Promise<void>((resolve) => {
      if (socket) socket.send(data, () => resolve())
      else resolve()
    })
  }

  /** At the end of a recording the client closes its sockets: that is not for the server to do. */
  #goesOn(index: number): boolean {
    return this.#scenario.events.slice(index).some(({ dir }) => dir === 'ws' || dir === 'ws-open')
  }
}

/** Something that happens once, and may have happened before anybody waits for it. */
class Gate<T> {
  readonly opened: Promise<T>
  isOpen = false
  #resolve!: (value: T) => void

  constructor() {
    this.opened = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  open(value: T): void {
    this.isOpen = true
    this.#resolve(value)
  }
}

/** Things that come one by one and are taken one by one. */
class Channel<T> {
  readonly #things: T[] = []
  readonly #takers: ((thing: T) => void)[] = []

  put(thing: T): void {
    if (!this.offer(thing)) this.#things.push(thing)
  }

  /** Gives the thing to whoever waits; without one it is forgotten. */
  offer(thing: T): boolean {
    const taker = this.#takers.shift()
    taker?.(thing)
    return taker !== undefined
  }

  async take(): Promise<T> {
    if (this.#things.length > 0) return this.#things.shift() as T
    return new Promise((resolve) => this.#takers.push(resolve))
  }
}

function answerRecorded(response: ServerResponse, event: HttpEvent): void {
  const body = bodyOf(event)
  response.statusCode = event.status
  for (const [name, value] of Object.entries(event.response_headers)) {
    // The lengths are those of bodies whose paths were not yet replaced.
    if (name !== 'content-length' && name !== 'transfer-encoding') {
      // On the wire header values are bytes; ComfyUI's are UTF-8.
      response.setHeader(name, Buffer.from(value).toString('latin1'))
    }
  }
  if (event.status !== 304) response.setHeader('content-length', body.length)
  // `end` would send the headers together with the body, and Node then reads Content-Disposition as UTF-8.
  response.flushHeaders()
  response.end(body)
}

function answerPlain(response: ServerResponse, { status, type, body }: PlainAnswer): void {
  response.writeHead(status, { 'content-type': type })
  response.end(body)
}
