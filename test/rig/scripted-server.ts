import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { WebSocketServer, type WebSocket } from 'ws'
import { closeAccess, openAccess, type Access, type AccessOptions } from '../../src/comfy/access.ts'

/** A request that a scripted server got. */
export interface ScriptedRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What a scripted server answers: JSON unless `body` is given. `cut` breaks the connection instead. */
export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly body?: string | Buffer
  readonly cut?: boolean
}

/** An answer, or how it is made. */
export type Route = ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>)

export interface ScriptedServer {
  readonly url: string
  readonly requests: readonly ScriptedRequest[]
  /** How many connections were made to it so far. */
  readonly connections: number
  /** The requests for one route, e.g. `POST /prompt`. */
  to(route: string): ScriptedRequest[]
  /** Ends all connections at once. */
  cutSockets(): void
  close(): Promise<void>
}

export interface ScriptedOptions {
  /** Called for each WebSocket; without it there is none. */
  readonly onSocket?: (socket: WebSocket, headers: IncomingHttpHeaders, path: string) => void
}

/** The version and flags that a 0.33 server reports. */
export const modernServer: Readonly<Record<string, Route>> = {
  'GET /system_stats': { json: { system: { comfyui_version: '0.33.0' }, devices: [] } },
  'GET /features': { json: { supports_preview_metadata: true, max_upload_size: 104_857_600 } },
}

/**
 * Starts a server that answers each route (`GET /queue`, or `GET /history/*` for a prefix) as told, and 404 to
 * anything else. Closed with the test.
 */
export async function startScripted(
  t: TestContext,
  routes: Readonly<Record<string, Route>>,
  { onSocket }: ScriptedOptions = {},
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = []
  const server = createServer((message, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of message) chunks.push(chunk as Buffer)
      const url = new URL(message.url ?? '/', 'http://host')
      const request = {
        method: message.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: message.headers,
        body: Buffer.concat(chunks),
      }
      requests.push(request)
      const route = routeFor(routes, `${request.method} ${request.path}`)
      const answer = typeof route === 'function' ? await route(request) : route
      if (answer.cut) {
        message.socket.destroy()
        return
      }
      const { status = 200, headers = {}, json, body = JSON.stringify(json ?? {}) } = answer
      const bytes = Buffer.from(body)
      const length = status === 204 || status === 304 ? {} : { 'content-length': String(bytes.length) }
      response.writeHead(status, { 'content-type': 'application/json', ...length, ...headers }).end(bytes)
    })()
  })
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('upgrade', (request, stream, head) => {
    if (!onSocket) {
      stream.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) =>
      onSocket(socket, request.headers, request.url ?? ''),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutSockets = (): void => {
    for (const socket of sockets.clients) socket.terminate()
  }
  const close = async (): Promise<void> => {
    cutSockets()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  t.after(close)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections
    },
    to: (route) => requests.filter(({ method, path }) => matches(route, `${method} ${path}`)),
    cutSockets,
    close,
  }
}

function routeFor(routes: Readonly<Record<string, Route>>, asked: string): Route {
  const exact = routes[asked]
  if (exact) return exact
  const [, route] = Object.entries(routes).find(([pattern]) => matches(pattern, asked)) ?? []
  return route ?? { status: 404, headers: { 'content-type': 'application/octet-stream' }, body: '' }
}

function matches(pattern: string, asked: string): boolean {
  return pattern.endsWith('*') ? asked.startsWith(pattern.slice(0, -1)) : pattern === asked
}

/** A way to a scripted server; closed with the test. */
export function accessOf(
  t: TestContext,
  server: { url: string },
  options: Partial<AccessOptions> = {},
): Access {
  const access = openAccess({ url: server.url, ...options })
  t.after(async () => closeAccess(access))
  return access
}
