import { basename, dirname, isAbsolute } from 'node:path'
import { isJsonArray, type JsonObject } from '../protocol/json.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import type { Access } from './access.ts'
import type { FetchedFile, OpenedFile } from './download.ts'
import { getJson } from './http.ts'
import { findLocally } from './local-file.ts'
import { OutputFolder, type LocalFiles } from './output-folder.ts'

/** A server names a handful; one that means harm could name any number. */
const mostCandidates = 20
/** Files wait for its answer, in milliseconds: without one in this time they are fetched. */
const longestWait = 5000

/**
 * Finds the output folder of a server that runs on this machine, so that nobody need name it. What the server says of its
 * folders is only where to look (a tunnel may lead to another machine, a container has disks of its own): the folder is the
 * one in which a file lies that was made for this run, at a path that nobody could know before.
 */
export class FolderFinder implements LocalFiles {
  readonly #access: Access
  #hasSeenOne = false
  #finding: Promise<void> | undefined
  #found: OutputFolder | undefined

  constructor(access: Access) {
    this.#access = access
  }

  /** The server is asked once, at the second file of the run: for a single one there is nothing to gain. */
  async open(file: ServerFile, fetch: () => Promise<FetchedFile>, isOfRun: boolean): Promise<OpenedFile> {
    if (isOfRun && file.type === 'output') {
      if (this.#hasSeenOne) await (this.#finding ??= this.#find(file))
      this.#hasSeenOne = true
    }
    return this.#found ? this.#found.open(file, fetch) : fetch()
  }

  doubt(): void {
    this.#found?.doubt()
  }

  async #find(file: ServerFile): Promise<void> {
    const signal = AbortSignal.timeout(longestWait)
    const folders = await getJson(this.#access, 'internal/folder_paths', { signal }).then(
      parentFolders,
      () => [],
    )
    const folder = folders.find((candidate) => findLocally(candidate, file))
    // If it is another one after all, files are fetched as before: there is nothing to tell.
    if (folder !== undefined) this.#found = new OutputFolder(folder, () => {})
  }
}

/**
 * The folders that hold those for checkpoints: `models`, and the output folder, where ComfyUI saves and looks for some, too
 * (`main.py`). Answered since August 2024; it is the page's own question, and no other tells the folder if it is not named on
 * the command line.
 */
function parentFolders({ checkpoints }: JsonObject): string[] {
  const paths = isJsonArray(checkpoints) ? checkpoints : []
  const folders = paths.flatMap((path) =>
    typeof path === 'string' && isAbsolute(path) && basename(path) === 'checkpoints' ? [dirname(path)] : [],
  )
  return [...new Set(folders)].slice(0, mostCandidates)
}
