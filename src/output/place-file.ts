import { link, open, rename, rm } from 'node:fs/promises'

type MakeLink = (existing: string, made: string) => Promise<void>

/** What file systems without hard links (FAT, many network shares, Android) answer to `link`. */
const noHardLinks = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/**
 * Gives a finished temporary file its final name: `stem.extension`, or the first free one of `stem-2.extension`,
 * `stem-3.extension`, ... Never overwrites, also if another process wants the same name at the same time. The
 * temporary file must be in the same folder; it is gone afterwards. Returns the path. Throws what the file system
 * throws. `makeLink` is node's `link`, unless a test wants a disk without hard links.
 */
export async function placeFile(
  part: string,
  stem: string,
  extension: string,
  makeLink: MakeLink = link,
): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = `${stem}${number === 1 ? '' : `-${number}`}.${extension}`
    try {
      await placeAt(part, path, makeLink)
      return path
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** Throws EEXIST if the name is taken. */
async function placeAt(part: string, path: string, makeLink: MakeLink): Promise<void> {
  try {
    await makeLink(part, path)
  } catch (error) {
    if (!noHardLinks.has(codeOf(error))) throw error
    return replaceClaim(part, path)
  }
  await rm(part)
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
