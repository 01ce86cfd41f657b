import { request } from 'undici'
import { ComfyRunError } from '../errors.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import type { Access } from './access.ts'
import { endpoint } from './address.ts'
import { unreachable } from './unreachable.ts'

/** A file on its way from the server. The body must be read or cancelled. */
export interface RemoteFile {
  readonly body: AsyncIterable<Uint8Array>
  /** From Content-Length; undefined if the server does not say. */
  readonly length?: number
  readonly contentType: string
}

const redirects = new Set([301, 302, 303, 307, 308])
const mostRedirects = 5

/**
 * Opens a file of the server through `GET /view`, as it is (no preview, no re-encoding). Redirects are followed
 * (cloud servers send one to a signed URL), but our headers never go to another origin. Throws
 * `output-gone` if the server does not have it, `output-missing` if it refuses it, `download-failed`, `server-unreachable`.
 */
export async function openFile(access: Access, file: ServerFile, signal?: AbortSignal): Promise<RemoteFile> {
  const { filename, subfolder, type } = file
  let url = endpoint(access.address, 'view', { filename, subfolder, type })
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const isOurs = url.origin === access.address.base.origin
    const answer = await request(url, {
      dispatcher: access.dispatcher,
      headers: isOurs ? access.headers : {},
      signal,
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error
      throw unreachable(access.address.name, error)
    })
    if (answer.statusCode === 200) {
      const length = Number(answer.headers['content-length'])
      return {
        body: answer.body,
        ...(Number.isSafeInteger(length) && answer.headers['content-length'] !== undefined && { length }),
        contentType: String(answer.headers['content-type'] ?? ''),
      }
    }
    await answer.body.dump()
    const location = answer.headers.location
    if (!redirects.has(answer.statusCode) || typeof location !== 'string')
      throw notServed(file, answer.statusCode)
    url = new URL(location, url)
  }
  throw new ComfyRunError('download-failed', `the server redirects ${filename} in a circle`)
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
  return new ComfyRunError(code, `the server does not serve ${file.filename}: HTTP ${status}`, { hint })
}
