import { request, type Dispatcher, type FormData } from 'undici'
import { ComfyRunError } from '../errors.ts'
import { isJsonObject, parseJson, stringifyJson, type JsonObject, type JsonValue } from '../protocol/json.ts'
import type { Access } from './access.ts'
import { endpoint } from './address.ts'
import { interimLimit, wholeText } from './answer-body.ts'
import { unreachable } from './unreachable.ts'

/** An answer whose body has been read. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** Seconds that the server asked us to wait (`Retry-After`), if it did; at most 600. */
  readonly retryAfter?: number
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON, bigint-safe. */
  readonly json?: unknown
  readonly body?: Dispatcher.DispatchOptions['body'] | FormData
  readonly signal?: AbortSignal
  /** The longest answer that is read, in bytes. Default 16 MB. */
  readonly mostBytes?: number
}

/** Most answers are a few kilobytes long; errors of large workflows are longer. */
const usualAnswer = 16 * 2 ** 20

/** Whoever asks for more patience than ten minutes gets no more. */
const longestRetryAfter = 600

/** For `/queue`, `/history` and `/object_info`, which hold whole graphs, or every model's name many times. */
export const largestAnswer = 128 * 2 ** 20

/**
 * Sends one request and reads the whole answer. Any status is an answer; only a failed connection throws
 * (`server-unreachable`), and a body without end (`answer-too-large`). Redirects are not followed: they are answers. Origin, Referer and Sec-Fetch headers are never sent: ComfyUI refuses some with 403.
 */
export async function send(
  access: Access,
  method: 'GET' | 'POST',
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  try {
    const answer = await request(endpoint(access.address, path, options.query), {
      method,
      dispatcher: access.dispatcher,
      headers: {
        ...access.headers,
        ...(options.json !== undefined && { 'content-type': 'application/json' }),
      },
      body: (options.json === undefined ? options.body : stringifyJson(options.json)) as never,
      signal: options.signal,
      onInfo: interimLimit(),
    })
    const { mostBytes = usualAnswer } = options
    const text = await wholeText(answer.body, access.address.name, { silence: access.silence, mostBytes })
    const retryAfter = Number(answer.headers['retry-after'])
    return {
      status: answer.statusCode,
      contentType: String(answer.headers['content-type'] ?? ''),
      text,
      ...(retryAfter > 0 && { retryAfter: Math.min(retryAfter, longestRetryAfter) }),
    }
  } catch (error) {
    if (options.signal?.aborted || error instanceof ComfyRunError) throw error
    throw unreachable(access.address.name, error)
  }
}

/** The JSON of an answer, or undefined if it is not JSON (an HTML page, a plain `500 Internal Server Error`). */
export function jsonOf(answer: Answer): JsonValue | undefined {
  try {
    return parseJson(answer.text)
  } catch {
    return undefined
  }
}

/** GETs a JSON object. Throws `server-refused`, `not-comfyui` or `server-unreachable`. */
export async function getJson(
  access: Access,
  path: string,
  options: RequestOptions = {},
): Promise<JsonObject> {
  const answer = await send(access, 'GET', path, options)
  const body = jsonOf(answer)
  if (answer.status === 200 && isJsonObject(body)) return body
  throw unexpected(access, `GET /${path}`, answer)
}

/** The error for an answer that no ComfyUI route gives. */
export function unexpected(access: Access, what: string, answer: Answer): ComfyRunError {
  const name = access.address.name
  if (answer.status === 401 || answer.status === 403 || answer.status === 407) {
    return new ComfyRunError('server-refused', `${name} refused us: HTTP ${answer.status} to ${what}`, {
      hint: 'credentials go into --token, --header or user:pass@ in the address',
    })
  }
  const isPage = answer.contentType.includes('html') || /^\s*<(?:!doctype|html)/i.test(answer.text)
  const shown = snippet(answer)
  return new ComfyRunError(
    answer.status >= 500 || answer.status === 429 ? 'server-unreachable' : 'not-comfyui',
    `${name} answered ${what} with HTTP ${answer.status}${isPage ? ' and a web page' : shown && `: ${shown}`}`,
    {
      ...((isPage || answer.status === 404) && {
        hint: 'a login page or a proxy may stand in front of it; check the address and its path',
      }),
      // Whoever tries again waits for as long as the server asked.
      ...(answer.retryAfter !== undefined && { cause: { retryAfter: answer.retryAfter } }),
    },
  )
}

/** The start of a body, on one line. */
export function snippet(answer: Answer): string {
  return answer.text.slice(0, 2000).replaceAll(/\s+/g, ' ').trim().slice(0, 200)
}
