import { crc32 } from './crc32.ts'

/** The first eight bytes of every PNG. */
export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A chunk of a PNG and where it begins in the file. */
export interface PngChunk {
  readonly type: string
  readonly data: Buffer
  readonly start: number
}

/** The chunks of a PNG in order, up to the end or the first one that is not all there. */
export function* pngChunks(png: Buffer): Generator<PngChunk> {
  for (let at = 8; at + 12 <= png.length;) {
    const length = png.readUInt32BE(at)
    const end = at + 12 + length
    if (end > png.length) return
    yield {
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + length),
      start: at,
    }
    at = end
  }
}

/** Makes a chunk, with length and checksum. */
export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const made = Buffer.alloc(body.length + 8)
  made.writeUInt32BE(data.length, 0)
  body.copy(made, 4)
  made.writeUInt32BE(crc32(body), body.length + 4)
  return made
}
