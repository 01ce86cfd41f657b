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

/** For so long files wait for another one to be compared, in milliseconds. It may be large, or nobody reads it. */
const longestProof = 1000

/**
 * The server's output folder, where it is on a disk of ours: files are read there, and the server, which runs one
 * thread of Python at a time, need not serve them. Whether it is that folder is not taken on trust: the first file is fetched
 * as well, while others wait, and if it is not there, or differs, all are fetched as if no folder had been named.
 */
export class OutputFolder implements LocalFiles {
  readonly #folder: string
  readonly #onRefuted: (reason: string) => void
  #state: 'unproven' | 'proven' | 'refuted' = 'unproven'
  /** Ends when the file that is being fetched and compared has shown something, or takes too long. */
  #proof: Promise<void> | undefined

  /** `onRefuted` is told why the folder is not used. */
  constructor(folder: string, onRefuted: (reason: string) => void) {
    this.#folder = folder
    this.#onRefuted = onRefuted
  }

  async open(file: ServerFile, fetch: () => Promise<FetchedFile>): Promise<OpenedFile> {
    if (file.type !== 'output') return fetch()
    while (this.#state === 'unproven' && this.#proof) await this.#proof
    if (this.#state === 'unproven') return this.#prove(file, fetch)
    return (this.#state === 'proven' ? this.#read(file) : undefined) ?? fetch()
  }

  doubt(): void {
    if (this.#state === 'proven') this.#state = 'unproven'
  }

  /** Fetches a file that is to be compared, if it is on disk as well. */
  async #prove(file: ServerFile, fetch: () => Promise<FetchedFile>): Promise<FetchedFile> {
    const end = this.#beginProof()
    try {
      const local = findLocally(this.#folder, file)
      const fetched = await fetch()
      if (local) return { ...fetched, body: this.#compared(file, fetched.body, local, end) }
      this.#refute(`there is no ${fileLabel(file.filename)}`)
      end()
      return fetched
    } catch (error) {
      end()
      throw error
    }
  }

  /** Returns how to end it. */
  #beginProof(): () => void {
    let end = (): void => {}
    const proof = new Promise<void>((resolve) => {
      const timer = setTimeout(() => end(), longestProof)
      end = () => {
        clearTimeout(timer)
        if (this.#proof === proof) this.#proof = undefined
        resolve()
      }
    })
    this.#proof = proof
    return end
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
    end: () => void,
  ): AsyncGenerator<Uint8Array> {
    try {
      const hash = createHash('sha256')
      for await (const chunk of body) {
        hash.update(chunk)
        yield chunk
      }
      const isSame = hash.digest('hex') === (await sha256OfFile(path).catch(() => undefined))
      if (!isSame) this.#refute(`${fileLabel(filename)} is another file there`)
      else if (this.#state === 'unproven') this.#state = 'proven'
    } finally {
      end()
    }
  }

  #refute(why: string): void {
    if (this.#state === 'refuted') return
    this.#state = 'refuted'
    this.#onRefuted(`${this.#folder} is not its output folder: ${why}; files are fetched from the server`)
  }
}
