import type { IncomingMessage, ServerResponse } from 'node:http'
import { empty, notFound, serverError, text, type Answer } from './answer.ts'
import { readBody } from './body.ts'
import { maxBodyBytes } from './features.ts'
import { noHooks, type Hooks } from './hooks.ts'
import { isRefused } from './origin.ts'
import { version } from '../version.ts'

/** A request as it arrived. */
export interface Asked {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A request, as routes see it. */
export interface Request extends Pick<Asked, 'query' | 'headers' | 'body'> {
  /** The parts of the path that the pattern names with `:`, decoded. */
  readonly parameters: Readonly<Record<string, string>>
}

/** One endpoint. A handler that throws is answered with 500. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** e.g. `/history/:id`. */
  readonly path: string
  handle(request: Request): Answer | Promise<Answer>
}

/** Answers requests with the first route that fits; every route is also there under `/api`. */
export class Router {
  readonly #routes: readonly Route[]
  readonly #hooks: Hooks

  constructor(routes: readonly Route[], hooks = noHooks) {
    this.#hooks = hooks
    this.#routes = routes.flatMap((route) =>
      route.path.startsWith('/api/') ? [route] : [route, { ...route, path: `/api${route.path}` }],
    )
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#receive(request).catch(() => serverError)
    if (answer.cutAfter === 'nothing') return void request.socket.destroy()
    const isHead = request.method === 'HEAD'
    response.writeHead(answer.status, {
      server: `comfy-run/${version}`,
      ...answer.headers,
      // No length at 304: there is no body, and a length would be that of the whole file.
      ...(!answer.chunked &&
        answer.status !== 304 && { 'content-length': String(Buffer.byteLength(answer.body)) }),
    })
    if (answer.cutAfter === undefined) response.end(isHead ? '' : answer.body)
    else response.write(Buffer.from(answer.body).subarray(0, answer.cutAfter), () => request.socket.destroy())
  }

  async #receive(request: IncomingMessage): Promise<Answer> {
    if (isRefused(request)) return empty(403)
    const body = await readBody(request)
    if (body === undefined) {
      return text(413, `Maximum request body size ${maxBodyBytes} exceeded.`, { connection: 'close' })
    }
    return this.#hooks.request(askedOf(request, body), async (asked) =>
      this.#answer(asked).catch(() => serverError),
    )
  }

  async #answer({ method, path, query, headers, body }: Asked): Promise<Answer> {
    if (method === 'OPTIONS') return empty()
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const route of this.#routes) {
      const parameters = route.method === wanted ? match(route.path, path) : undefined
      if (parameters) return route.handle({ parameters, query, headers, body })
    }
    // Below all routes lie the page's static files, which take GET and HEAD on any path.
    if (wanted === 'GET') return notFound
    const allowed = this.#routes.filter((route) => match(route.path, path)).map(({ method }) => method)
    const allow = [...new Set(['GET', 'HEAD', ...allowed])].join(',')
    return text(405, '405: Method Not Allowed', { allow })
  }
}

/** A request in parts. */
export function askedOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Asked {
  const { pathname: path, searchParams: query } = new URL(url, 'http://server')
  return { method, path, query, headers, body }
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const parts = path.split('/')
  if (wanted.length !== parts.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [index, name] of wanted.entries()) {
    const part = parts[index] ?? ''
    if (name.startsWith(':') && part !== '') parameters[name.slice(1)] = decodeURIComponent(part)
    else if (name !== part) return undefined
  }
  return parameters
}
