import { createHash } from 'node:crypto'
import { sha256OfFile } from '../sha256.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import type { FetchedFile, OpenedFile } from './download.ts'
import { fileLabel } from './file-label.ts'
import { findLocally, readLocally, type LocalFile } from './local-file.ts'

/** Opens files of a server on a disk of this machine, where they are. */
export interface LocalFiles {
  /** `isOfRun`: it lies in a folder that was named for this run. What `fetch` throws is passed on. */
  open(file: ServerFile, fetch: () => Promise<FetchedFile>, isOfRun: boolean): Promise<OpenedFile>
  /** The server may have been restarted, and save elsewhere now. */
  doubt(): void
}

/**
 * The server's output folder, where it is on a disk of ours: files are read there, and the server, which runs one
 * thread of Python at a time, need not serve them. Whether it is that folder is not taken on trust: the first files are
 * fetched as well, and if one is not there, or differs, all are fetched as if no folder had been named.
 */
export class OutputFolder implements LocalFiles {
  readonly #folder: string
  readonly #onRefuted: (reason: string) => void
  #state: 'unproven' | 'proven' | 'refuted' = 'unproven'

  /** `onRefuted` is told why the folder is not used. */
  constructor(folder: string, onRefuted: (reason: string) => void) {
    this.#folder = folder
    this.#onRefuted = onRefuted
  }

  async open(file: ServerFile, fetch: () => Promise<FetchedFile>): Promise<OpenedFile> {
    if (file.type !== 'output' || this.#state === 'refuted') return fetch()
    if (this.#state === 'proven') return this.#read(file) ?? fetch()
    const local = findLocally(this.#folder, file)
    const fetched = await fetch()
    if (local) return { ...fetched, body: this.#compared(file, fetched.body, local) }
    this.#refute(`there is no ${fileLabel(file.filename)}`)
    return fetched
  }

  doubt(): void {
    if (this.#state === 'proven') this.#state = 'unproven'
  }

  /** Undefined if it is not there, or can't be read: whoever serves it may have other rights. */
  #read(file: ServerFile): OpenedFile | undefined {
    const local = findLocally(this.#folder, file)
    try {
      return local && { body: readLocally(local), length: local.length }
    } catch {
      return undefined
    }
  }

  /** The chunks of a body; when it has ended, it is known whether the file on disk is the same. */
  async *#compared(
    { filename }: ServerFile,
    body: AsyncIterable<Uint8Array>,
    { path }: LocalFile,
  ): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256')
    for await (const chunk of body) {
      hash.update(chunk)
      yield chunk
    }
    const isSame = hash.digest('hex') === (await sha256OfFile(path).catch(() => undefined))
    if (!isSame) this.#refute(`${fileLabel(filename)} is another file there`)
    else if (this.#state === 'unproven') this.#state = 'proven'
  }

  #refute(why: string): void {
    if (this.#state === 'refuted') return
    this.#state = 'refuted'
    this.#onRefuted(`${this.#folder} is not its output folder: ${why}; files are fetched from the server`)
  }
}
