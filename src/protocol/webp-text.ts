import { webpChunks, type WebpChunk } from './webp-chunks.ts'

/**
 * The texts that ComfyUI keeps in a WebP: EXIF entries of the form `keyword:text`, the graph as `prompt:{...}`. Undefined
 * if the bytes are no WebP; damaged metadata is left out.
 */
export function readWebpText(bytes: Uint8Array): Map<string, string> | undefined {
  const webp = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (webp.toString('latin1', 0, 4) !== 'RIFF' || webp.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const texts = new Map<string, string>()
  const exif = exifChunk(webp)
  if (!exif) return texts
  try {
    for (const text of exifTexts(exif)) {
      const colon = text.indexOf(':')
      if (colon > 0) texts.set(text.slice(0, colon), text.slice(colon + 1))
    }
  } catch (error) {
    // An offset that points outside the metadata: what was read before it counts.
    if (!(error instanceof RangeError)) throw error
  }
  return texts
}

function exifChunk(webp: Buffer): Buffer | undefined {
  for (const { type, data } of webpChunks(webp)) {
    if (type === 'EXIF') return withoutHeader(data)
  }
  return undefined
}

/** Some writers keep the header that EXIF has in a JPEG. */
function withoutHeader(data: Buffer): Buffer {
  return data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data
}

const asciiType = 2

/** The ASCII entries of the first directory (TIFF 6.0: 12 bytes each, long values by offset). */
function* exifTexts(tiff: Buffer): Generator<string> {
  const isBigEndian = tiff.toString('latin1', 0, 2) === 'MM'
  const u16 = (at: number): number => (isBigEndian ? tiff.readUInt16BE(at) : tiff.readUInt16LE(at))
  const u32 = (at: number): number => (isBigEndian ? tiff.readUInt32BE(at) : tiff.readUInt32LE(at))
  const directory = u32(4)
  const count = u16(directory)
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12
    if (u16(entry + 2) !== asciiType) continue
    const length = u32(entry + 4)
    const start = length > 4 ? u32(entry + 8) : entry + 8
    yield tiff.toString('utf8', start, start + length).replace(/\0+$/, '')
  }
}

/** The tag of the first text (ComfyUI takes the camera's model for the graph); each further one has the tag below. */
const firstTag = 0x0110
const exifFlag = 0x08

/**
 * Puts texts into a WebP as ComfyUI does: the first as EXIF tag 0x0110, the others in the tags below it, each as
 * `keyword:text`. Metadata that the file had before is replaced. Throws if the bytes are no WebP image.
 */
export function withWebpText(webp: Buffer, entries: Readonly<Record<string, string>>): Buffer {
  const chunks = [...webpChunks(webp)].filter(({ type }) => type !== 'EXIF')
  const extended = chunks.find(({ type }) => type === 'VP8X')
  const header = Buffer.from(extended?.data ?? extendedHeader(chunks))
  header.writeUInt8(header.readUInt8(0) | exifFlag, 0)
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', header),
    ...chunks.filter((each) => each !== extended).map(({ type, data }) => chunk(type, data)),
    chunk('EXIF', exifDirectory(Object.entries(entries).map(([keyword, text]) => `${keyword}:${text}`))),
  ])
  return Buffer.concat([Buffer.from('RIFF'), u32(body.length), body])
}

/** What a file with metadata must begin with: flags and the size of the picture, less one, in 24 bits. */
function extendedHeader(chunks: readonly WebpChunk[]): Buffer {
  const picture = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L')
  if (!picture) throw new Error('a WebP without image data')
  const { type, data } = picture
  const header = Buffer.alloc(10)
  if (type === 'VP8 ') {
    header.writeUIntLE((data.readUInt16LE(6) & 0x3fff) - 1, 4, 3)
    header.writeUIntLE((data.readUInt16LE(8) & 0x3fff) - 1, 7, 3)
  } else {
    const bits = data.readUInt32LE(1)
    header.writeUIntLE(bits & 0x3fff, 4, 3)
    header.writeUIntLE((bits >>> 14) & 0x3fff, 7, 3)
    if ((bits >>> 28) & 1) header.writeUInt8(0x10, 0)
  }
  return header
}

/** A TIFF directory with one ASCII entry for each text; entries go by rising tag. */
function exifDirectory(texts: readonly string[]): Buffer {
  const values = texts.map((text) => Buffer.from(`${text}\0`)).toReversed()
  const start = 8 + 2 + values.length * 12 + 4
  const directory = Buffer.alloc(start)
  directory.write('II*\0', 'latin1')
  directory.writeUInt32LE(8, 4)
  directory.writeUInt16LE(values.length, 8)
  let offset = start
  for (const [index, value] of values.entries()) {
    const at = 10 + index * 12
    directory.writeUInt16LE(firstTag - values.length + 1 + index, at)
    directory.writeUInt16LE(asciiType, at + 2)
    directory.writeUInt32LE(value.length, at + 4)
    // Up to four bytes stand in the entry itself.
    if (value.length > 4) directory.writeUInt32LE(offset, at + 8)
    else value.copy(directory, at + 8)
    offset += value.length > 4 ? value.length : 0
  }
  return Buffer.concat([directory, ...values.filter((value) => value.length > 4)])
}

function chunk(type: string, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), u32(data.length), data, Buffer.alloc(data.length % 2)])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
