import { crc32 } from './crc32.ts'
import { inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Whether bytes begin as a PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, 8))
}

/**
 * The text chunks (tEXt, zTXt, iTXt) of a PNG by keyword; ComfyUI keeps the graph in `prompt` and the page's graph
 * in `workflow`. Undefined if the bytes are no PNG; damaged chunks are left out.
 */
export function readPngText(bytes: Uint8Array): Map<string, string> | undefined {
  if (!isPng(bytes)) return undefined
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts = new Map<string, string>()
  for (const { type, data } of chunks(png)) {
    const entry = readTextChunk(type, data)
    if (entry) texts.set(entry[0], entry[1])
  }
  return texts
}

function* chunks(
  png: Buffer,
): Generator<{ readonly type: string; readonly data: Buffer; readonly start: number }> {
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

function readTextChunk(type: string, data: Buffer): [string, string] | undefined {
  const zero = data.indexOf(0)
  if (zero < 1) return undefined
  const keyword = data.toString('latin1', 0, zero)
  const rest = data.subarray(zero + 1)
  try {
    if (type === 'tEXt') return [keyword, rest.toString('latin1')]
    if (type === 'zTXt') return [keyword, inflateSync(rest.subarray(1)).toString('latin1')]
    if (type === 'iTXt') return [keyword, internationalText(rest)]
  } catch {
    // A damaged chunk says nothing.
  }
  return undefined
}

/** `compressed, method, language 0, translated keyword 0, text`. */
function internationalText(rest: Buffer): string {
  const language = rest.indexOf(0, 2)
  const translated = rest.indexOf(0, language + 1)
  if (language < 0 || translated < 0) throw new Error('not an iTXt chunk')
  const text = rest.subarray(translated + 1)
  return (rest[0] === 1 ? inflateSync(text) : text).toString('utf8')
}

/** Puts text chunks into a PNG, before its image data: tEXt where Latin-1 is enough, else iTXt, as PIL does. */
export function withPngText(png: Buffer, entries: Readonly<Record<string, string>>): Buffer {
  const made = Object.entries(entries).map(([keyword, text]) => textChunk(keyword, text))
  for (const { type, start } of chunks(png)) {
    if (type === 'IDAT') return Buffer.concat([png.subarray(0, start), ...made, png.subarray(start)])
  }
  throw new Error('a PNG without image data')
}

function textChunk(keyword: string, text: string): Buffer {
  const isLatin1 = !/[\u0100-\uffff]/.test(text)
  return isLatin1
    ? chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))
    : chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)]))
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const made = Buffer.alloc(body.length + 8)
  made.writeUInt32BE(data.length, 0)
  body.copy(made, 4)
  made.writeUInt32BE(crc32(body), body.length + 4)
  return made
}
