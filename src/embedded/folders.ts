import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Folders } from './node.ts'

/** The folders of one server. */
export interface ServerFolders {
  /** The folder that holds the others. */
  readonly root: string
  readonly folders: Folders
  /** Removes what was made for this server: everything, or `temp` if that was not there before. */
  readonly remove: () => Promise<void>
  /** Empties `temp`, if it is ours. */
  readonly clearTemp: () => Promise<void>
}

/**
 * Makes the server's folders: in a given one, which is kept, or in a new one, which goes with the server. A
 * `temp` that is already there is not ours to empty: the given folder may be anything.
 */
export async function makeFolders(given: string | undefined): Promise<ServerFolders> {
  const root = given === undefined ? await mkdtemp(join(tmpdir(), 'comfy-run-server-')) : resolve(given)
  const folders = { input: join(root, 'input'), output: join(root, 'output'), temp: join(root, 'temp') }
  const hadTemp = await stat(folders.temp).then(
    () => true,
    () => false,
  )
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true })
  return {
    root,
    folders,
    async clearTemp() {
      if (given !== undefined && hadTemp) return
      await rm(folders.temp, { recursive: true, force: true, maxRetries: 3 })
      await mkdir(folders.temp, { recursive: true })
    },
    async remove() {
      const made = given === undefined ? root : hadTemp ? undefined : folders.temp
      if (made !== undefined) await rm(made, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
