import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Folders } from './node.ts'

/** The folders of one server. */
export interface ServerFolders {
  /** The folder that holds the others. */
  readonly root: string
  readonly folders: Folders
  /** Empties `temp`; removes everything if the folder was made for this server. */
  remove(): Promise<void>
}

/** Makes the server's folders: in a given one, which is kept, or in a new one, which goes with the server. */
export async function makeFolders(given: string | undefined): Promise<ServerFolders> {
  const root = given === undefined ? await mkdtemp(join(tmpdir(), 'comfy-run-server-')) : resolve(given)
  const folders = { input: join(root, 'input'), output: join(root, 'output'), temp: join(root, 'temp') }
  await rm(folders.temp, { recursive: true, force: true })
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true })
  return {
    root,
    folders,
    async remove() {
      await rm(given === undefined ? root : folders.temp, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
