import { request } from 'undici'
import { ComfyRunError } from '../errors.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import type { Access } from './access.ts'
import { endpoint, isOwnMachine } from './address.ts'
import { interimLimit, steady } from './answer-body.ts'
import { fileLabel } from './file-label.ts'
import { unreachable } from './unreachable.ts'

/** A file whose bytes can be had once. A body that is still to come must be read or cancelled. */
export interface OpenedFile {
  readonly body: Uint8Array | AsyncIterable<Uint8Array>
  /** In bytes. Undefined if the server does not say. */
  readonly length?: number
  /** What the server calls it: a media type, or nothing. Undefined if the file was not fetched. */
  readonly contentType?: string
}

/** A file that is on its way. */
export interface FetchedFile extends OpenedFile {
  readonly body: AsyncIterable<Uint8Array>
}

const redirects = new Set([301, 302, 303, 307, 308])
const mostRedirects = 5

/**
 * Opens a file of the server through `GET /view`, as it is (no preview, no re-encoding). Redirects are followed
 * (cloud servers send one to a signed URL), but our headers never go to another origin. Throws
 * `output-gone` if the server does not have it, `output-missing` if it refuses it, `download-failed`, `server-unreachable`.
 */
export async function openFile(access: Access, file: ServerFile, signal?: AbortSignal): Promise<FetchedFile> {
  const { filename, subfolder, type } = file
  let url = endpoint(access.address, 'view', { filename, subfolder, type })
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const isOurs = url.origin === access.address.base.origin
    const answer = await request(url, {
      dispatcher: access.fileDispatcher,
      headers: isOurs ? access.headers : {},
      signal,
      onInfo: interimLimit(),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw unreachable(access.address.name, error)
    })
    if (answer.statusCode === 200) {
      const length = Number(answer.headers['content-length'])
      return {
        body: steady(answer.body, access.address.name, access),
        ...(Number.isSafeInteger(length) && answer.headers['content-length'] !== undefined && { length }),
        contentType: String(answer.headers['content-type'] ?? ''),
      }
    }
    // What else it says is not read: it may have no end.
    answer.body.on('error', () => {}).destroy()
    const location = answer.headers.location
    if (!redirects.has(answer.statusCode) || typeof location !== 'string')
      throw notServed(file, answer.statusCode)
    url = redirected(url, location, access.address.base, fileLabel(filename))
  }
  throw new ComfyRunError('download-failed', `the server redirects ${fileLabel(filename)} in a circle`)
}

/**
 * Where a redirect leads. A server elsewhere has no business to send us to this machine, where other programs listen
 * that trust it, nor a server with TLS to one without. Throws `output-missing`.
 */
function redirected(from: URL, location: string, server: URL, filename: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const refuse = (why: string): ComfyRunError =>
    new ComfyRunError('output-missing', `the server redirects ${filename} ${why}; that is not followed`)
  if (!url) throw refuse('to something that is no URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refuse(`to a ${url.protocol} address`)
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refuse('from https to http')
  if (isOwnMachine(url) && !isOwnMachine(server)) throw refuse('to a server on this machine')
  return url
}

function notServed(file: ServerFile, status: number): ComfyRunError {
  const hint =
    status === 404
      ? 'the server listed the file, but it is gone: it was moved or deleted after an earlier, cached run'
      : status === 400
        ? 'ComfyUI serves no file whose name or folder holds ".."; change the filename_prefix'
        : undefined
  // A server's own failure may pass; a refusal will not.
  const code = status >= 500 ? 'download-failed' : status === 404 ? 'output-gone' : 'output-missing'
  return new ComfyRunError(code, `the server does not serve ${fileLabel(file.filename)}: HTTP ${status}`, {
    hint,
  })
}
