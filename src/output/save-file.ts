import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdir, open, realpath, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { ComfyRunError, messageOf } from '../errors.ts'
import { formatBytes } from '../byte-sizes.ts'
import { isInside } from '../is-inside.ts'
import { smallFile } from '../small-file.ts'
import { checkFile } from './check-file.ts'
import { mostPixels } from './check-image.ts'
import { asDiskError } from './disk-error.ts'
import type { Fault } from './expect.ts'
import { partPath, removeStaleParts } from './part-file.ts'
import { Placer } from './placer.ts'
import { PngScan } from './png-scan.ts'
import { sidecarPath, type SidecarRecord } from './sidecar.ts'

/** What to save, and where. */
export interface SaveRequest {
  /** The folder for results; made if it is missing. */
  readonly folder: string
  /** The name in it, without extension. May hold `/`: those folders are made, too. */
  readonly name: string
  /** Without dot, lower case. Says what the content must be. */
  readonly extension: string
  readonly body: AsyncIterable<Uint8Array> | Uint8Array
  /** How many bytes there must be, if that is known. */
  readonly length?: number
  /** More is not written, whatever comes. Default: no limit. */
  readonly mostBytes?: number
  /** Gives the file its name. Default: numbers it if the name is taken. */
  readonly placer?: Placer
  /** An earlier run may have saved the very same file; then that one is taken. Default false. */
  readonly mayBeThere?: boolean
  /** What is to stand in its sidecar; without it there is none. */
  readonly record?: SidecarRecord
  /** Looks at the complete file under its temporary name; what is wrong with it is the result's `fault`. */
  readonly inspect?: (path: string) => Promise<Fault | undefined>
}

/** A file that is complete on disk. */
export interface SavedFile {
  /** Relative if `folder` is. Numbered, `name-2.png`, if the name was taken. */
  readonly path: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  /** True if an older file has the name, which was kept instead of this one. */
  readonly isSkipped: boolean
  /** What `inspect` found. The file is kept to be looked at, but has replaced no other one. */
  readonly fault?: ComfyRunError
}

/**
 * Saves a file so that nobody ever sees half of it, and nothing is overwritten unless `placer` is told to: it is
 * written under a hidden `.part` name, checked (length, then that it is whole as what its extension says), and only then
 * gets its name. The `.part` is gone in any case. Throws `download-failed` (cut off, or of the wrong length),
 * `damaged-file`, `file-exists`, and `disk-failed`.
 */
export async function saveFile(request: SaveRequest): Promise<SavedFile> {
  const {
    folder,
    name,
    extension,
    body,
    length,
    mostBytes = Infinity,
    placer = new Placer(),
    mayBeThere,
    record,
    inspect,
  } = request
  const stem = stemIn(folder, name)
  const shown = `${basename(stem)}.${extension}`
  const path = `${stem}.${extension}`
  const part = partPath(path)
  const scan = extension === 'png' ? new PngScan(mostPixels) : undefined
  try {
    if (mayBeThere) {
      await removeStaleParts(path)
      await removeStaleParts(sidecarPath(stem, extension))
    }
    const chunks = chunksOf(body, shown, length ?? 0, mostBytes)
    const { bytes, sha256 } = await writePart({ part, folder }, chunks, scan)
    if (length !== undefined && bytes !== length) {
      throw new ComfyRunError('download-failed', `${shown} is incomplete: ${bytes} of ${length} bytes came`)
    }
    if ((await scan?.end()) !== true) await checkFile(part, extension, shown)
    const fault = await inspect?.(part)
    const isFaulty = fault !== undefined
    const placed = await placer.place({ part, stem, extension, bytes, sha256, isFaulty, mayBeThere, record })
    return { ...placed, bytes, sha256, ...(fault && { fault: fault(placed.path) }) }
  } catch (error) {
    scan?.close()
    await rm(part, { force: true }).catch(() => {})
    throw asDiskError(error, path)
  }
}

/** Names are made safe when the plan is made; this is for the day when one is not. */
function stemIn(folder: string, name: string): string {
  const inner = relative(resolve(folder), resolve(folder, name))
  if (inner === '' || isAbsolute(inner) || inner.split(/[\\/]/)[0] === '..') {
    throw new ComfyRunError('disk-failed', `the name ${name} leads out of the folder ${folder}`)
  }
  return join(folder, inner)
}

async function writePart(
  place: { readonly part: string; readonly folder: string },
  chunks: AsyncIterable<Uint8Array>,
  scan: PngScan | undefined,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  let first: Uint8Array[] = []
  let file: FileHandle | undefined
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
      first.push(chunk)
      if (bytes <= smallFile) {
        await scan?.add(chunk)
        continue
      }
      // Made within the loop: if that fails, the loop lets go of the body, and with it of the connection.
      file ??= await makePart(place, async () => open(place.part, 'wx'))
      await Promise.all([file.writeFile(Buffer.concat(first)), scan?.add(chunk)])
      first = []
    }
    if (!file) await makePart(place, () => writeFileSync(place.part, Buffer.concat(first), { flag: 'wx' }))
  } finally {
    await file?.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** The folder is nearly always there: it is made only if that fails. */
async function makePart<T>(
  { part, folder }: { part: string; folder: string },
  make: () => T,
): Promise<Awaited<T>> {
  await refuseWayOut(folder, dirname(part))
  try {
    return await make()
  } catch (error) {
    if (!isMissing(error)) throw error
    await mkdir(dirname(part), { recursive: true })
    return await make()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** A folder below may be a link to one elsewhere, which somebody else may have put there. Throws `disk-failed`. */
async function refuseWayOut(folder: string, below: string): Promise<void> {
  if (resolve(below) === resolve(folder)) return
  const real = await realpath(below).catch(() => undefined)
  if (real === undefined) return refuseWayOut(folder, dirname(below))
  if (isInside(await realpath(folder), real)) return
  throw new ComfyRunError('disk-failed', `${below} is a link that leads out of the folder ${folder}`, {
    hint: `remove it; if files are to go there, name ${real} itself with --out`,
  })
}

/**
 * The body's chunks. What its source throws is told apart from what the disk throws. Throws `file-too-large` at the
 * first chunk if more bytes are announced than may come, else at the first that is too much.
 */
async function* chunksOf(
  body: SaveRequest['body'],
  shown: string,
  announced: number,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      bytes += chunk.length
      if (Math.max(bytes, announced) > mostBytes) throw tooLarge(shown, mostBytes)
      yield chunk
    }
  } catch (error) {
    if (error instanceof ComfyRunError) throw error
    throw new ComfyRunError('download-failed', `${shown} broke off on its way: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function tooLarge(shown: string, mostBytes: number): ComfyRunError {
  return new ComfyRunError('file-too-large', `${shown} is larger than ${formatBytes(mostBytes)}`, {
    hint: 'if the server is to be trusted with that, allow more with --max-file-size, e.g. 8G',
  })
}
