import type { IncomingMessage, ServerResponse } from 'node:http'
import { empty, notFound, serverError, text, type Answer } from './answer.ts'
import { readBody } from './body.ts'
import { maxBodyBytes } from './features.ts'
import { isForeign } from './origin.ts'
import { version } from '../version.ts'

/** A request, as routes see it. */
export interface Request {
  /** The parts of the path that the pattern names with `:`, decoded. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
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

  constructor(routes: readonly Route[]) {
    this.#routes = routes.flatMap((route) =>
      route.path.startsWith('/api/') ? [route] : [route, { ...route, path: `/api${route.path}` }],
    )
  }

  async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch(() => serverError)
    const isHead = request.method === 'HEAD'
    response.writeHead(answer.status, {
      server: `comfy-run/${version}`,
      ...answer.headers,
      // No length at 304: there is no body, and a length would be that of the whole file.
      ...(!answer.chunked &&
        answer.status !== 304 && { 'content-length': String(Buffer.byteLength(answer.body)) }),
    })
    response.end(isHead ? '' : answer.body)
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (isForeign(request.headers)) return empty(403)
    const url = new URL(request.url ?? '/', 'http://server')
    const { method = 'GET' } = request
    const body = await readBody(request)
    if (body === undefined) {
      return text(413, `Maximum request body size ${maxBodyBytes} exceeded.`, { connection: 'close' })
    }
    if (method === 'OPTIONS') return empty()
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const route of this.#routes) {
      const parameters = route.method === wanted ? match(route.path, url.pathname) : undefined
      if (parameters) {
        return route.handle({ parameters, query: url.searchParams, headers: request.headers, body })
      }
    }
    // Below all routes lie the page's static files, which take GET and HEAD on any path.
    if (wanted === 'GET') return notFound
    const allowed = this.#routes.filter(({ path }) => match(path, url.pathname)).map(({ method }) => method)
    const allow = [...new Set(['GET', 'HEAD', ...allowed])].join(',')
    return text(405, '405: Method Not Allowed', { allow })
  }
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
