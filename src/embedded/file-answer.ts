import { open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Answer } from './answer.ts'
import type { Request } from './router.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.webm': 'video/webm',
  '.mp4': 'video/mp4',
  '.mkv': 'video/x-matroska',
  '.flac': 'audio/flac',
  '.wav': 'audio/x-wav',
  '.mp3': 'audio/mpeg',
  '.opus': 'audio/ogg',
  '.ogg': 'audio/ogg',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.md': 'text/markdown',
  '.json': 'application/json',
}

/** Files that a browser would run as part of the server's own page: they are only ever saved. */
const active = /\.(?:html?|xhtml|svg|xml|m?js|css)$/i

/** The answer with a file's bytes, or the part that `Range` asks for; 304 if the client has them. */
export async function fileAnswer(path: string, name: string, { headers }: Request): Promise<Answer> {
  const { size, mtimeNs, mtime } = await stat(path, { bigint: true })
  const type = contentTypes[extname(name).toLowerCase()]
  const common = {
    'x-content-type-options': 'nosniff',
    'content-disposition': active.test(name) ? `attachment; ${disposition(name)}` : disposition(name),
    'content-type': type ?? 'application/octet-stream',
  }
  const etag = `"${mtimeNs.toString(16)}-${size.toString(16)}"`
  const dated = { ...common, etag, 'last-modified': mtime.toUTCString() }
  if (headers['if-none-match'] === etag) return { status: 304, headers: dated, body: '' }
  const length = Number(size)
  const range = rangeOf(headers.range, length)
  if (range === 'outside') {
    const refused = { ...common, 'content-range': `bytes */${length}` }
    return { status: 416, headers: refused, body: '', chunked: true }
  }
  const [start, end] = range ?? [0, length]
  const body = await readPart(path, start, end)
  const full = { ...dated, 'accept-ranges': 'bytes' }
  if (range === undefined) return { status: 200, headers: full, body }
  return { status: 206, headers: { ...full, 'content-range': `bytes ${start}-${end - 1}/${length}` }, body }
}

/**
 * Names the file, as ComfyUI does: in raw UTF-8, with quotes and backslashes escaped. Node takes a header as
 * latin-1, one character for each byte.
 */
export function disposition(name: string): string {
  const escaped = name.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, '')
  return Buffer.from(`filename="${escaped}"`).toString('latin1')
}

/** The bytes asked for, from the first to behind the last; undefined for all of them. */
function rangeOf(header: string | undefined, length: number): [number, number] | 'outside' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? length : Math.min(Number(last) + 1, length)
  return start >= length || end <= start ? 'outside' : [start, end]
}

async function readPart(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(end - start)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
