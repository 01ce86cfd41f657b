import { closeSync, constants, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { isInside } from '../is-inside.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import { smallFile } from '../small-file.ts'

/** A file of the server that lies on a disk of ours. */
export interface LocalFile {
  /** Without links. */
  readonly path: string
  /** In bytes. */
  readonly length: number
}

/** A pipe that has taken the file's place in the meantime is not waited for, a link not followed. Windows has neither. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** Fewer and larger reads than the default of 64 KiB. */
const chunkSize = 256 * 1024

/**
 * One of the server's files in a folder of this machine. Undefined if there is none, or if a name of the server's, or a
 * link, leads out of the folder: the server has no business with our other files.
 */
export function findLocally(
  folder: string,
  { subfolder, filename }: Pick<ServerFile, 'subfolder' | 'filename'>,
): LocalFile | undefined {
  try {
    const path = realpathSync.native(join(folder, subfolder, filename))
    if (!isInside(realpathSync.native(folder), path)) return undefined
    const info = lstatSync(path)
    return info.isFile() ? { path, length: info.size } : undefined
  } catch {
    return undefined
  }
}

/** The file's bytes, `length` of them at most. Throws what the file system throws, at once or when they are read. */
export function readLocally(local: LocalFile): Uint8Array | AsyncIterable<Uint8Array> {
  return local.length <= smallFile ? readAtOnce(local) : readInChunks(local)
}

function readAtOnce({ path, length }: LocalFile): Uint8Array {
  const file = openSync(path, flags)
  try {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0))
  } finally {
    closeSync(file)
  }
}

async function* readInChunks({ path, length }: LocalFile): AsyncGenerator<Uint8Array> {
  const handle = await open(path, flags)
  try {
    for (let position = 0; position < length;) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkSize, length - position))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
