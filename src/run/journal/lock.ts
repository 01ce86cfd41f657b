import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { ComfyRunError } from '../../errors.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  readonly at: string
}

/**
 * Takes the lock of an output folder: two runs that write one journal would lose jobs. Returns how to give it
 * back. A lock whose process is gone is taken over. Throws `folder-in-use`.
 */
export async function takeLock(path: string, folder: string): Promise<() => Promise<void>> {
  const owner: Owner = { pid: process.pid, host: hostname(), at: new Date().toISOString() }
  for (;;) {
    try {
      await writeFile(path, JSON.stringify(owner), { flag: 'wx' })
      return async () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readOwner(path)
    if (holder && !isGone(holder)) throw inUse(folder, path, holder)
    await removeStale(path, holder)
  }
}

/** Removes a stale lock, but not one that another process has just put in its place. */
async function removeStale(path: string, stale: Owner | undefined): Promise<void> {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    // Another process was quicker; what is there now is looked at anew.
    return
  }
  const taken = await readOwner(aside)
  if (taken && JSON.stringify(taken) !== JSON.stringify(stale)) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

/** Undefined if the lock is gone by now, or was torn by a crash while it was written. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> | null
    return typeof owner?.pid === 'number' && typeof owner.host === 'string' ? (owner as Owner) : undefined
  } catch {
    return undefined
  }
}

/** Only processes of this machine can be asked for; a lock of another one is believed. */
function isGone({ pid, host }: Owner): boolean {
  if (host !== hostname() || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function inUse(folder: string, path: string, { pid, host, at }: Owner): ComfyRunError {
  const since = at ? ` since ${at.replace('T', ' ').slice(0, 19)} UTC` : ''
  return new ComfyRunError('folder-in-use', `another run uses ${folder}: process ${pid} on ${host}${since}`, {
    hint: `wait for it, choose another --out, or, if it is surely gone, delete ${path}`,
  })
}
