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
  for (let at = 12; at + 8 <= webp.length;) {
    const length = webp.readUInt32LE(at + 4)
    const data = webp.subarray(at + 8, at + 8 + length)
    if (webp.toString('latin1', at, at + 4) === 'EXIF') return withoutHeader(data)
    // Chunks begin at even positions.
    at += 8 + length + (length % 2)
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
