import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
// Node's own FormData is not the one that undici's `request` takes.
import { FormData } from 'undici'
import { ComfyRunError } from '../errors.ts'
import { isJsonObject } from '../protocol/json.ts'
import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { jsonOf, send, snippet, unexpected, type Answer } from './http.ts'

/** A local file to be put into the server's input folder. */
export interface UploadRequest {
  readonly file: string
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string
  /** For `/upload/mask`: the file on the server whose alpha channel is to be replaced. */
  readonly maskFor?: { readonly filename: string; readonly subfolder: string; readonly type: string }
}

export interface Uploaded {
  /** What a LoadImage-like input wants: `subfolder/name`. */
  readonly name: string
  readonly bytes: number
}

/** Our own subfolder of the server's input folder: other people's files are never touched. */
const subfolder = 'comfy-run'
const attempts = 3

/**
 * Uploads a file under a name made of its content. The server keeps one copy of equal bytes (it compares them
 * itself), so that repeating an upload is harmless. Throws `upload-failed`, `server-refused`.
 */
export async function uploadFile(
  access: Access,
  capabilities: Capabilities,
  request: UploadRequest,
): Promise<Uploaded> {
  const bytes = await readFile(request.file)
  const limit = capabilities.maxUploadBytes
  if (limit !== undefined && bytes.length > limit) {
    throw tooLarge(request.file, `${bytes.length} bytes, and the server takes ${limit}`)
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send(access, 'POST', request.maskFor ? 'upload/mask' : 'upload/image', {
        body: form(request, bytes),
      })
      return { name: nameIn(access, request, answer), bytes: bytes.length }
    } catch (error) {
      const mayPass = error instanceof ComfyRunError && error.code === 'server-unreachable'
      if (!mayPass || attempt === attempts) throw error
      await delay(250 * 2 ** attempt)
    }
  }
}

function form(request: UploadRequest, bytes: Uint8Array<ArrayBuffer>): FormData {
  const data = new FormData()
  const extension = extname(request.file)
    .toLowerCase()
    .replaceAll(/[^.a-z0-9]/g, '')
  data.set('image', new Blob([bytes]), `${request.hash.slice(0, 32)}${extension}`)
  data.set('type', 'input')
  data.set('subfolder', subfolder)
  if (request.maskFor) data.set('original_ref', JSON.stringify(request.maskFor))
  return data
}

function nameIn(access: Access, { file }: UploadRequest, answer: Answer): string {
  if (answer.status === 413) throw tooLarge(file, snippet(answer))
  const body = jsonOf(answer)
  if (answer.status === 200 && isJsonObject(body) && typeof body.name === 'string') {
    // The server may have renamed the file, and echoes the folder as it was sent, slashes included.
    const folder = typeof body.subfolder === 'string' ? body.subfolder.replaceAll(/^\/+|\/+$/g, '') : ''
    return folder ? `${folder}/${body.name}` : body.name
  }
  if (answer.status === 400 || answer.status === 500) {
    throw new ComfyRunError(
      'upload-failed',
      `the server did not take ${file}: HTTP ${answer.status} ${snippet(answer)}`.trimEnd(),
    )
  }
  throw unexpected(access, 'POST /upload/image', answer)
}

function tooLarge(file: string, why: string): ComfyRunError {
  return new ComfyRunError('upload-failed', `${file} is too large for the server: ${why}`, {
    hint: 'start ComfyUI with a larger --max-upload-size (in megabytes), or use a smaller file',
  })
}
