import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { WebSocketServer, type WebSocket } from 'ws'

/** A WebSocket, and the connection under it. */
interface Client {
  readonly socket: WebSocket
  readonly stream: Duplex
}

/** Answers one request in its own way: the raw response is its to write, to hold back or to cut. */
export type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>

/** How a server differs from an honest one. */
export interface Hostility {
  /** By method and path, e.g. `GET /view`; a path that ends in `*` stands for all that begin so. */
  readonly routes?: Readonly<Record<string, Handler>>
  /** What the history says that the nodes put out. Default: one PNG of node 9. */
  readonly outputs?: unknown
  /** The history's status. Default: success. */
  readonly status?: unknown
  /** Said over the socket, or done to it, while the prompt runs. */
  readonly onRun?: (socket: WebSocket, promptId: string, stream: Duplex) => void | Promise<void>
  /** The same, before the POST is answered; `body` is the POST's. */
  readonly onAsked?: (socket: WebSocket, body: string) => void | Promise<void>
  /** Takes the upgrade of `/ws`, instead of a WebSocket. */
  readonly onUpgrade?: (request: IncomingMessage, stream: Duplex) => void
  /** The version that it reports. */
  readonly version?: string
  /** Speaks https, with a certificate that only the file `certificate` vouches for. */
  readonly tls?: boolean
}

/** The certificate of servers with `tls`: self-signed, for 127.0.0.1, used nowhere else. */
export const certificate = fileURLToPath(new URL('tls/cert.pem', import.meta.url))

export interface HostileServer {
  readonly url: string
  /** Every request, upgrades included, as `GET /view`, with its headers. */
  readonly requests: readonly { readonly route: string; readonly headers: IncomingMessage['headers'] }[]
}

/**
 * Starts a server that plays ComfyUI honestly, but for what `hostility` says: each prompt runs at once, and ends with
 * one PNG. Closed with the test.
 */
export async function startHostile(t: TestContext, hostility: Hostility = {}): Promise<HostileServer> {
  const requests: { route: string; headers: IncomingMessage['headers'] }[] = []
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const clients = new Map<string, Client>()
  const streams = new Set<Duplex>()
  const routes = { ...honest(hostility, image, clients), ...hostility.routes }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://server')
    const route = `${request.method} ${url.pathname}`
    requests.push({ route, headers: request.headers })
    response.on('error', () => {})
    const handler = handlerFor(routes, route)
    if (handler) void handler(request, response, url)
    else response.writeHead(404).end()
  }
  const http = hostility.tls ? createTlsServer(identity(), listener) : createServer(listener)
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, stream, head) => {
    requests.push({ route: 'GET /ws', headers: request.headers })
    stream.on('error', () => {})
    streams.add(stream)
    if (hostility.onUpgrade) return hostility.onUpgrade(request, stream)
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const client = new URL(request.url ?? '/', 'http://server').searchParams.get('clientId') ?? ''
      socket.on('error', () => {})
      clients.set(client, { socket, stream })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    for (const stream of streams) stream.destroy()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  return {
    url: `${hostility.tls ? 'https' : 'http'}://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
  }
}

function identity(): { readonly key: Buffer; readonly cert: Buffer } {
  const key = fileURLToPath(new URL('tls/key.pem', import.meta.url))
  return { key: readFileSync(key), cert: readFileSync(certificate) }
}

/** What an honest server of version 0.33 answers. */
function honest(
  { outputs, status, onRun, onAsked, version = '0.33.0' }: Hostility,
  image: Buffer,
  clients: ReadonlyMap<string, Client>,
): Record<string, Handler> {
  const said = status ?? { status_str: 'success', completed: true, messages: [] }
  const made = outputs ?? { 9: { images: [{ filename: 'fox.png', subfolder: '', type: 'output' }] } }
  return {
    'GET /system_stats': answer({ system: { comfyui_version: version }, devices: [] }),
    'GET /features': answer({ supports_preview_metadata: true, max_upload_size: 104_857_600 }),
    'GET /queue': answer({ queue_running: [], queue_pending: [] }),
    'GET /object_info*': answer({}),
    'POST /upload/image': async (request, response) => {
      await bodyOf(request)
      answerJson(response, { name: 'in.png', subfolder: 'comfy-run', type: 'input' })
    },
    'POST /prompt': async (request, response) => {
      const body = await bodyOf(request)
      const { prompt_id: id, client_id: client } = JSON.parse(body) as Record<string, string>
      const { socket, stream } = clients.get(client ?? '') ?? {}
      if (socket) await onAsked?.(socket, body)
      answerJson(response, { prompt_id: id, number: 1, node_errors: {} })
      if (!socket || !stream || id === undefined) return
      say(socket, 'execution_start', { prompt_id: id })
      await onRun?.(socket, id, stream)
      say(socket, 'executing', { node: null, prompt_id: id })
    },
    'GET /api/jobs/*': (_, response, { pathname }) =>
      answerJson(response, { id: pathname.split('/').at(-1), status: 'completed' }),
    'GET /history/*': (_, response, { pathname }) => {
      const id = pathname.split('/').at(-1) ?? ''
      answerJson(response, { [id]: { prompt: [1, id, {}, {}, ['9']], outputs: made, status: said } })
    },
    'GET /view': (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(image),
  }
}

function handlerFor(routes: Readonly<Record<string, Handler>>, asked: string): Handler | undefined {
  const exact = routes[asked]
  if (exact) return exact
  const patterns = Object.keys(routes).filter((route) => route.endsWith('*'))
  const fitting = patterns.find((route) => asked.startsWith(route.slice(0, -1)))
  return fitting === undefined ? undefined : routes[fitting]
}

/** A handler that answers with JSON: a value, or text as it stands. */
export function answer(json: unknown, status = 200): Handler {
  return (_, response) => answerJson(response, json, status)
}

/** A handler that sends the reader elsewhere. */
export function redirectTo(location: (url: URL) => string, status = 302): Handler {
  return (_, response, url) => void response.writeHead(status, { location: location(url) }).end()
}

export function answerJson(response: ServerResponse, json: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof json === 'string' ? json : JSON.stringify(json))
}

/** Writes the same bytes again and again until `bytes` are sent or the reader has gone. Resolves to how many went. */
export async function pour(response: ServerResponse, chunk: Buffer, bytes = Infinity): Promise<number> {
  let sent = 0
  const gone = once(response, 'close')
  while (sent < bytes && !response.destroyed) {
    sent += chunk.length
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]).catch(() => {})
  }
  response.end()
  return sent
}

/** Sends a text frame, as ComfyUI does. */
export function say(socket: WebSocket, type: string, data: object): void {
  socket.send(JSON.stringify({ type, data }))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
