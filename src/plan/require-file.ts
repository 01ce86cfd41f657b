import { readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { ComfyRunError, messageOf } from '../errors.ts'
import { didYouMean } from '../near-matches.ts'

/**
 * Checks that a file exists and is no folder. Throws ComfyRunError `file-not-found` (with near matches in
 * its folder) or `file-unreadable`. Gives its size in bytes and the time of its last change.
 */
export async function requireFile(
  file: string,
): Promise<{ readonly size: number; readonly changed: number }> {
  try {
    const found = await stat(file)
    if (!found.isDirectory()) return { size: found.size, changed: found.mtimeMs }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw await notFound(file)
    throw new ComfyRunError('file-unreadable', `cannot read ${file}: ${messageOf(error)}`, { cause: error })
  }
  throw new ComfyRunError('file-unreadable', `${file} is a folder, not a file`)
}

async function notFound(file: string): Promise<ComfyRunError> {
  const folder = dirname(file)
  const siblings = await readdir(folder).catch(() => undefined)
  const hint = siblings ? didYouMean(basename(file), siblings) : `there is no folder ${folder}`
  return new ComfyRunError('file-not-found', `no file ${file}`, hint === undefined ? {} : { hint })
}
