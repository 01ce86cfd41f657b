import type { TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { startEmbeddedServer, type EmbeddedServerOptions } from '../../src/embedded/server.ts'
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../../src/protocol/json.ts'
import { toyNodes } from './toy-nodes.ts'

/** What a server answered. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as a JSON object; empty if it is none. */
  readonly json: JsonObject
}

/** A plain client of an embedded server with the toy classes. */
export interface Client {
  readonly url: string
  readonly folder: string
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body?: JsonValue): Promise<Reply>
  /** Posts a graph and resolves to the id of the prompt. */
  prompt(graph: JsonObject, more?: JsonObject): Promise<string>
  /** Resolves when the server's queue is empty. */
  idle(): Promise<void>
  socket(clientId: string, options?: { flags?: boolean }): Promise<Listener>
}

/** A socket and everything that arrived on it, in order. */
export interface Listener {
  readonly socket: WebSocket
  readonly frames: Array<JsonObject | Buffer>
  /** The types of the text frames; binary ones are `binary` and their type. */
  kinds(): string[]
  /** Resolves to the first frame that fits, past or future. */
  until(fits: (frame: JsonObject | Buffer) => boolean): Promise<JsonObject | Buffer>
  close(): Promise<void>
}

/** Starts a server for one test. */
export async function startClient(t: TestContext, options: EmbeddedServerOptions = {}): Promise<Client> {
  const server = await startEmbeddedServer({ nodes: toyNodes, ...options })
  t.after(async () => server.close())
  const { url } = server
  const client: Client = {
    url,
    folder: server.folder,
    get: async (path, headers = {}) => reply(await fetch(url + path, { headers })),
    post: async (path, body) =>
      reply(
        await fetch(url + path, {
          method: 'POST',
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      ),
    async prompt(graph, more = {}) {
      const { json } = await client.post('/prompt', { prompt: graph, ...more })
      return json.prompt_id as string
    },
    async idle() {
      for (;;) {
        const { json } = await client.get('/prompt')
        if (isJsonObject(json.exec_info) && json.exec_info.queue_remaining === 0) return
      }
    },
    async socket(clientId, { flags = false } = {}) {
      const listener = await listen(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`)
      await listener.until((frame) => isType(frame, 'status'))
      if (flags) {
        const data = { supports_preview_metadata: true }
        listener.socket.send(JSON.stringify({ type: 'feature_flags', data }))
        await listener.until((frame) => isType(frame, 'feature_flags'))
      }
      return listener
    },
  }
  return client
}

/** Whether a frame is a text frame of this type. */
export function isType(frame: JsonObject | Buffer, type: string): frame is JsonObject {
  return !Buffer.isBuffer(frame) && frame.type === type
}

/** Whether a frame says that a prompt is over. */
export function isEnd(frame: JsonObject | Buffer): boolean {
  return isType(frame, 'executing') && isJsonObject(frame.data) && frame.data.node === null
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text()
  let json: JsonObject = {}
  try {
    const value = parseJson(text)
    if (isJsonObject(value)) json = value
  } catch {
    // Many answers are no JSON.
  }
  return { status: response.status, headers: response.headers, text, json }
}

async function listen(url: string): Promise<Listener> {
  const socket = new WebSocket(url)
  const frames: Array<JsonObject | Buffer> = []
  const arrivals = new Set<() => void>()
  socket.on('message', (data, isBinary) => {
    frames.push(isBinary ? (data as Buffer) : (parseJson((data as Buffer).toString('utf8')) as JsonObject))
    for (const arrived of arrivals) arrived()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    frames,
    kinds: () => frames.map(kindOf),
    until: async (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = frames.find(fits)
          if (!found) return
          arrivals.delete(look)
          resolve(found)
        }
        arrivals.add(look)
        look()
      }),
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        socket.once('close', () => resolve())
      })
      socket.close()
      await closed
    },
  }
}

function kindOf(frame: JsonObject | Buffer): string {
  return Buffer.isBuffer(frame) ? `binary ${frame.readUInt32BE(0)}` : (frame.type as string)
}
