import { formatBytes } from '../byte-sizes.ts'
import type { SocketImage } from '../comfy/prompt-events.ts'
import { saveFile } from '../output/save-file.ts'
import type { FileSaved } from '../events.ts'
import type { Job } from '../plan/job.ts'
import { defaultMaxFileSize, mostLargeFiles } from './file-defaults.ts'
import type { RunOptions } from './options.ts'

/** Previews that wait to be written; beyond that they are dropped, so that a slow disk never holds up the socket. */
const mostWaiting = 32

/** Hours of previews. Who sends more is mistaken or means harm. */
const mostFiles = 100_000

/** What becomes of previews on the disk. */
export interface PreviewOptions extends Pick<RunOptions, 'out' | 'files' | 'sink'> {
  /** An earlier attempt may have left some, or parts of them. Default false. */
  readonly mayBeThere?: boolean
}

/**
 * Writes the latent previews of one job to `previews/`, numbered in order of arrival: at most so many bytes as all of its
 * other files may have.
 */
export class PreviewWriter {
  readonly #job: Job
  readonly #options: PreviewOptions
  readonly #onSaved: (event: FileSaved) => void
  readonly #mostBytes: number
  #count = 0
  #bytes = 0
  #isFull = false
  #waiting = 0
  #last: Promise<void> = Promise.resolve()
  #failure: unknown

  constructor(job: Job, options: PreviewOptions, onSaved: (event: FileSaved) => void) {
    this.#job = job
    this.#options = options
    this.#onSaved = onSaved
    this.#mostBytes = (options.files?.maxFileSize ?? defaultMaxFileSize) * mostLargeFiles
  }

  /** Takes a preview; returns at once. */
  add(image: SocketImage): void {
    if (this.#isFull || this.#waiting >= mostWaiting) return
    if (this.#count === mostFiles || this.#bytes + image.bytes.length > this.#mostBytes) return this.#end()
    this.#count += 1
    this.#bytes += image.bytes.length
    this.#waiting += 1
    const number = String(this.#count).padStart(3, '0')
    this.#last = this.#last
      .then(async () => this.#write(image, number))
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#waiting -= 1
      })
  }

  /** Resolves when all are written. Throws the first failure. */
  async finish(): Promise<void> {
    await this.#last
    if (this.#failure !== undefined) throw this.#failure
  }

  #end(): void {
    this.#isFull = true
    const message = `no more previews are saved: ${this.#count} take ${formatBytes(this.#bytes)}`
    this.#options.sink({ type: 'job-warning', job: this.#job.index, message })
  }

  async #write({ node, format, bytes }: SocketImage, number: string): Promise<void> {
    const { out, files, mayBeThere } = this.#options
    const saved = await saveFile({
      folder: out,
      name: `previews/${this.#job.name}_${number}`,
      extension: format === 'png' ? 'png' : 'jpg',
      body: bytes,
      length: bytes.length,
      placer: files?.placer,
      mayBeThere,
    })
    if (saved.isSkipped) return
    this.#onSaved({
      type: 'file-saved',
      job: this.#job.index,
      kind: 'preview',
      path: saved.path,
      bytes: saved.bytes,
      sha256: saved.sha256,
      node,
    })
  }
}
