import { writePython, type Writable } from './python-json.ts'

/** What a route answers. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
  /** The body goes out in chunks, without a content-length. */
  readonly chunked?: boolean
  /**
   * The connection is cut after so many bytes of the body, although the headers promise all of it; with `nothing` it
   * is cut without an answer.
   */
  readonly cutAfter?: number | 'nothing'
}

export function json(value: Writable, status = 200): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: writePython(value),
  }
}

/** An answer with a status and nothing else. */
export function empty(status = 200): Answer {
  return { status, headers: {}, body: '' }
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}

/** No answer: the connection is cut. */
export const cutConnection: Answer = { ...empty(), cutAfter: 'nothing' }

/** What aiohttp answers when a handler throws. */
export const serverError: Answer = text(500, '500 Internal Server Error\n\nServer got itself in trouble', {
  connection: 'close',
})

/** What the page's static files answer for an unknown path. */
export const notFound: Answer = {
  status: 404,
  headers: { 'content-type': 'application/octet-stream' },
  body: '',
  chunked: true,
}
