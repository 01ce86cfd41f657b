import { crc32 } from 'node:zlib'
import { PngRows, readRowFormat } from './png-rows.ts'

const signature = Buffer.from('\x89PNG\r\n\x1A\n', 'latin1')
/** Length and type of a chunk, its checksum, and the content of IHDR, in bytes. */
const sizes = { chunk: 8, checksum: 4, header: 13 }
/** Chunks without which an image can't be read; of others that are as important we know nothing. */
const important = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND'])

type Part = 'signature' | 'chunk' | 'content' | 'checksum' | 'over'

/**
 * Reads a PNG while its bytes go by, without keeping them: every chunk's checksum, and whether its rows unpack to exactly
 * what its header announces. That is what a decoder finds out, at a fraction of the time and without one being loaded.
 * It vouches only for what is beyond doubt: interlaced images, and whatever is unusual, are a decoder's to judge.
 */
export class PngScan {
  readonly #mostPixels: number
  #part: Part = 'signature'
  /** The part's bytes, as far as they have come; not of a chunk's content. */
  #bytes = Buffer.alloc(signature.length)
  #filled = 0
  #type = ''
  /** Bytes of the chunk's content that are still to come. */
  #left = 0
  #checksum = 0
  /** The important chunks that have come. */
  readonly #seen = new Set<string>()
  readonly #header = Buffer.alloc(sizes.header)
  #needsPalette = false
  #rows: PngRows | undefined
  #isDoubtful = false

  /** An image of more than `mostPixels` is doubtful. */
  constructor(mostPixels: number) {
    this.#mostPixels = mostPixels
  }

  /** Takes the file's next bytes; to be waited for before more are given. */
  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isDoubtful;) {
      if (this.#part === 'over') return this.#doubt()
      if (this.#part === 'content') {
        const piece = bytes.subarray(at, at + this.#left)
        at += piece.length
        this.#checksum = crc32(piece, this.#checksum)
        if (this.#type === 'IDAT' && (await this.#rows?.add(piece)) !== true) this.#doubt()
        if (this.#type === 'IHDR') this.#header.set(piece, sizes.header - this.#left)
        this.#left -= piece.length
        if (this.#left === 0) this.#contentOver()
      } else {
        const piece = bytes.subarray(at, at + this.#bytes.length - this.#filled)
        at += piece.length
        this.#bytes.set(piece, this.#filled)
        this.#filled += piece.length
        if (this.#filled === this.#bytes.length) this.#partOver()
      }
    }
  }

  /** No more bytes come. True if they are a whole and sound PNG; false if that is in doubt. */
  async end(): Promise<boolean> {
    const isSound = !this.#isDoubtful && this.#part === 'over' && (await this.#rows?.end()) === true
    this.close()
    return isSound
  }

  /** Lets go of what it holds: no more bytes come, and nobody wants to know. */
  close(): void {
    this.#rows?.close()
  }

  #doubt(): void {
    this.#isDoubtful = true
  }

  #expect(part: 'chunk' | 'checksum'): void {
    this.#part = part
    this.#bytes = Buffer.alloc(sizes[part])
    this.#filled = 0
  }

  #partOver(): void {
    if (this.#part === 'chunk') return this.#chunkBegins()
    if (this.#part === 'signature') {
      if (!this.#bytes.equals(signature)) this.#doubt()
      this.#expect('chunk')
      return
    }
    if (this.#bytes.readUInt32BE() !== this.#checksum) this.#doubt()
    if (this.#type === 'IEND') this.#part = 'over'
    else this.#expect('chunk')
  }

  #chunkBegins(): void {
    const before = this.#type
    this.#left = this.#bytes.readUInt32BE()
    this.#type = this.#bytes.toString('latin1', 4)
    this.#checksum = crc32(this.#bytes.subarray(4))
    if (!this.#isInPlace(before)) this.#doubt()
    if (important.has(this.#type)) this.#seen.add(this.#type)
    this.#part = 'content'
    if (this.#left === 0) this.#contentOver()
  }

  /** Whether the chunk may come here, after one of type `before`: IHDR first, the image data in one run of chunks. */
  #isInPlace(before: string): boolean {
    if (this.#type === 'IHDR') return before === '' && this.#left === sizes.header
    if (before === '') return false
    if (this.#type === 'IDAT') {
      const hasColors = !this.#needsPalette || this.#seen.has('PLTE')
      return hasColors && (before === 'IDAT' || !this.#seen.has('IDAT'))
    }
    if (important.has(this.#type)) return !this.#seen.has(this.#type)
    return /^[a-z][A-Za-z]{3}$/.test(this.#type)
  }

  #contentOver(): void {
    this.#expect('checksum')
    if (this.#type !== 'IHDR') return
    const format = readRowFormat(this.#header, this.#mostPixels)
    if (!format) return this.#doubt()
    this.#needsPalette = format.needsPalette
    this.#rows = new PngRows(format)
  }
}
