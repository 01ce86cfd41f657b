import { closeSync, openSync, readSync } from 'node:fs'

/** Entries of neighbouring jobs mostly stand together: so many bytes are read at once. */
const windowSize = 16 * 1024
const lineBreak = 0x0a

/** Reads lines of a journal wherever they begin, into one buffer. */
export class EntryReader {
  readonly #path: string
  #file: number | undefined
  #buffer = Buffer.alloc(0)
  /** The part of the file that is in the buffer. */
  #start = 0
  #length = 0
  /** The same of a buffer that another fills. */
  readonly #lent: { bytes: Buffer; start: number; length: number } = {
    bytes: Buffer.alloc(0),
    start: 0,
    length: 0,
  }

  /** `path` is the journal's, which is opened when a line is asked for. */
  constructor(path: string) {
    this.#path = path
  }

  /** The line that begins at `position`, without its line break. */
  lineAt(position: number): string {
    return this.within(position, (bytes, from, to) => bytes.toString('utf8', from, to))
  }

  /**
   * Until the next call, and no longer than to `takeBack`, the first `length` bytes of `bytes` are those of the file from
   * `start` on: so that whoever reads it all needs no second reading.
   */
  lend(bytes: Buffer, start: number, length: number): void {
    this.#lent.bytes = bytes
    this.#lent.start = start
    this.#lent.length = length
  }

  /** Ends what `lend` began. */
  takeBack(): void {
    this.lend(this.#buffer, 0, 0)
  }

  /** What `use` makes of the line that begins at `position`: the bytes from `from` up to `to`. */
  within<T>(position: number, use: (bytes: Buffer, from: number, to: number) => T): T {
    const lent = this.#lent
    const inLent = position - lent.start
    if (inLent >= 0 && inLent < lent.length) {
      const end = lent.bytes.indexOf(lineBreak, inLent)
      if (end >= 0 && end < lent.length) return use(lent.bytes, inLent, end)
    }
    let from = position - this.#start
    let to = from >= 0 && from < this.#length ? this.#lineEnd(from) : -1
    for (let size = windowSize; to < 0; size *= 2) {
      this.#read(position, size)
      from = 0
      to = this.#lineEnd(0)
      if (to < 0 && this.#length < size) to = this.#length
    }
    return use(this.#buffer, from, to)
  }

  /** Closes the journal. It is opened again if another line is asked for. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    this.#buffer = Buffer.alloc(0)
    this.#length = 0
  }

  #lineEnd(from: number): number {
    const end = this.#buffer.indexOf(lineBreak, from)
    return end < this.#length ? end : -1
  }

  #read(position: number, size: number): void {
    this.#file ??= openSync(this.#path, 'r')
    if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size)
    this.#length = readSync(this.#file, this.#buffer, 0, size, position)
    this.#start = position
  }
}
