import { open } from 'node:fs/promises'
import { ComfyRunError, messageOf } from '../errors.ts'
import { sha256OfFile } from '../sha256.ts'
import { requireFile } from './require-file.ts'

/** What is known of a file as long as its size and time of change stay the same. */
interface Known {
  readonly size: number
  readonly changed: number
  readonly hash: string
  isImage: boolean
}

/** A plan is walked twice and often names the same file in many rows; each file is read once. */
const known = new Map<string, Known>()

/**
 * Checks a file that a job needs and gives the SHA-256 of its bytes, in hex. `file` is an absolute path; with
 * `asImage` it must be a picture that ComfyUI can load (its header is read, not all of its pixels). Throws
 * ComfyRunError `file-not-found` (with near matches in its folder), `file-unreadable` or `not-an-image`.
 */
export async function hashInputFile(file: string, asImage: boolean): Promise<string> {
  const { size, changed } = await requireFile(file)
  let entry = known.get(file)
  if (entry?.size !== size || entry.changed !== changed) {
    entry = { size, changed, hash: await readHash(file), isImage: false }
    known.set(file, entry)
  }
  if (asImage && !entry.isImage) {
    await requireImage(file)
    entry.isImage = true
  }
  return entry.hash
}

async function readHash(file: string): Promise<string> {
  return sha256OfFile(file).catch((cause: unknown) => {
    throw new ComfyRunError('file-unreadable', `cannot read ${file}: ${messageOf(cause)}`, { cause })
  })
}

async function requireImage(file: string): Promise<void> {
  // Loaded only where a plan has images: it is large.
  const { default: sharp } = await import('sharp')
  let cause: unknown
  try {
    const { format } = await sharp(file).metadata()
    if (format !== 'svg' && format !== 'pdf') return
  } catch (error) {
    if (await isBitmap(file)) return
    cause = error
  }
  throw new ComfyRunError('not-an-image', `${file} is not an image that ComfyUI can load`, {
    hint: 'PNG, JPEG, WebP, GIF, TIFF and BMP are',
    ...(cause !== undefined && { cause }),
  })
}

/** BMP, which ComfyUI loads but sharp does not know. */
async function isBitmap(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(14), 0, 14, 0)
    return bytesRead === 14 && buffer.toString('latin1', 0, 2) === 'BM'
  } finally {
    await handle.close()
  }
}
