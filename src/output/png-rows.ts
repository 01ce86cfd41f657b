import { createInflate, inflateSync, type Inflate } from 'node:zlib'

/** Samples of a pixel by colour type, and the bits that one may have (PNG specification, table 11.1). */
const colorTypes: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> =
  {
    0: { samples: 1, depths: [1, 2, 4, 8, 16] },
    2: { samples: 3, depths: [8, 16] },
    3: { samples: 1, depths: [1, 2, 4, 8] },
    4: { samples: 2, depths: [8, 16] },
    6: { samples: 4, depths: [8, 16] },
  }
const palette = 3
/** Each row begins with the number of its filter: 0 to 4. */
const lastFilter = 4
/** How much is unpacked at a time, and how much is gathered to be unpacked at once, in bytes: each is a task of its own. */
const mostAtOnce = 64 * 1024

/** What a PNG's header says of its rows. */
export interface RowFormat {
  readonly bytesPerRow: number
  readonly rows: number
  readonly needsPalette: boolean
}

/** Reads the content of IHDR. Undefined if it is unusual: interlaced, of unknown kind, or of more than `mostPixels`. */
export function readRowFormat(header: Buffer, mostPixels: number): RowFormat | undefined {
  const width = header.readUInt32BE(0)
  const rows = header.readUInt32BE(4)
  const [depth = 0, colorType = 0, ...methods] = header.subarray(8)
  const color = colorTypes[colorType]
  if (!color?.depths.includes(depth) || methods.some((method) => method !== 0)) return undefined
  if (width === 0 || rows === 0 || width * rows > mostPixels) return undefined
  const bytesPerRow = 1 + Math.ceil((width * color.samples * depth) / 8)
  return { bytesPerRow, rows, needsPalette: colorType === palette }
}

/** Unpacks the rows of a PNG as they come, and keeps none of them. */
export class PngRows {
  readonly #bytesPerRow: number
  readonly #expected: number
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  #inflate: Inflate | undefined
  #isUnpacked: Promise<boolean> | undefined
  #unpacked = 0
  #isSound = true

  constructor({ bytesPerRow, rows }: RowFormat) {
    this.#bytesPerRow = bytesPerRow
    this.#expected = bytesPerRow * rows
  }

  /** Takes a piece of the packed rows; resolves when there is room for the next. False if something is wrong. */
  async add(piece: Uint8Array): Promise<boolean> {
    this.#gathered.push(piece)
    this.#gatheredBytes += piece.length
    if (this.#gatheredBytes >= mostAtOnce) await this.#unpack()
    return this.#isSound
  }

  /** Whether all rows were there, and nothing else. */
  async end(): Promise<boolean> {
    if (!this.#inflate && this.#expected <= mostAtOnce) this.#unpackAtOnce()
    else {
      await this.#unpack()
      this.#inflate?.end()
      if (!(await this.#isUnpacked)) return false
    }
    return this.#isSound && this.#unpacked === this.#expected
  }

  /** Lets go of what it holds. */
  close(): void {
    this.#inflate?.destroy()
  }

  /** Where there is so little to do, handing it to another thread would take longer. */
  #unpackAtOnce(): void {
    try {
      // A byte more than expected is enough to know that there are too many.
      this.#check(inflateSync(Buffer.concat(this.#gathered), { maxOutputLength: this.#expected + 1 }))
    } catch {
      this.#isSound = false
    }
  }

  async #unpack(): Promise<void> {
    const packed = Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    const inflate = this.#inflate ?? this.#begin()
    if (!inflate.writable) this.#isSound = false
    else if (!inflate.write(packed)) {
      await Promise.race([new Promise((resolve) => inflate.once('drain', resolve)), this.#isUnpacked])
    }
  }

  #begin(): Inflate {
    const inflate = createInflate({ chunkSize: mostAtOnce })
    inflate.on('data', (bytes: Buffer) => this.#check(bytes))
    this.#isUnpacked = new Promise((resolve) => {
      inflate.once('end', () => resolve(true))
      inflate.once('error', () => resolve(false))
      inflate.once('close', () => resolve(false))
    })
    this.#inflate = inflate
    return inflate
  }

  #check(bytes: Buffer): void {
    const toNextRow = (this.#bytesPerRow - (this.#unpacked % this.#bytesPerRow)) % this.#bytesPerRow
    for (let at = toNextRow; at < bytes.length; at += this.#bytesPerRow) {
      if ((bytes[at] ?? 0) > lastFilter) this.#isSound = false
    }
    this.#unpacked += bytes.length
    if (this.#unpacked > this.#expected) this.#isSound = false
    if (!this.#isSound) this.close()
  }
}
