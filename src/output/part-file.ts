import { createHash, randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Tells this process's temporary files from those of others. */
const owner = randomBytes(4).toString('hex')
let made = 0

/** A new hidden name, in the folder of `path`, for what is to become that file. */
export function partPath(path: string): string {
  // Cut, so that a name that just fits the disk's limit fits with its additions, too.
  const start = Array.from(basename(path)).slice(0, 40).join('')
  made += 1
  return join(dirname(path), `.${start}${markOf(path)}${owner}${made.toString(36)}.part`)
}

/**
 * Removes what processes that were killed have left of a file. Only for files that no other process can be about to
 * save: those of a job that is taken up again.
 */
export async function removeStaleParts(path: string): Promise<void> {
  const mark = markOf(path)
  const names = await readdir(dirname(path)).catch(() => [])
  for (const name of names) {
    const isPart = name.startsWith('.') && name.endsWith('.part') && name.includes(mark)
    if (isPart && !name.includes(mark + owner)) await rm(join(dirname(path), name), { force: true })
  }
}

/** Names are cut, and some disks spell them in a way of their own: a hash tells whose part it is. */
function markOf(path: string): string {
  return `.${createHash('sha256').update(basename(path)).digest('hex').slice(0, 8)}.`
}
