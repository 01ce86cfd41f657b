import { linkSync, unlinkSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'

/** Node's `linkSync`, or what a test puts in its place. */
export type MakeLink = (existing: string, made: string) => void

/** What file systems without hard links (FAT, many network shares, Android) answer to `link`. */
const noHardLinks = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/**
 * Gives a finished temporary file its final name, if nothing has that name: it never overwrites, also if another
 * process wants the same name at the same time. The temporary file must be in the same folder; it is gone afterwards.
 * False if the name is taken. Throws what the file system throws. `makeLink` is node's `linkSync`, unless a test wants a
 * disk without hard links.
 */
export async function placeFile(part: string, path: string, makeLink: MakeLink = linkSync): Promise<boolean> {
  try {
    await placeAt(part, path, makeLink)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Throws EEXIST if the name is taken. Not handed to another thread: that takes longer than both calls. */
async function placeAt(part: string, path: string, makeLink: MakeLink): Promise<void> {
  try {
    makeLink(part, path)
  } catch (error) {
    if (!noHardLinks.has(codeOf(error))) throw error
    return replaceClaim(part, path)
  }
  unlinkSync(part)
}

/** Without hard links: an empty file claims the name, and what replaces it is only ever our own. */
async function replaceClaim(part: string, path: string): Promise<void> {
  const claim = await open(path, 'wx')
  await claim.close()
  try {
    await rename(part, path)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
