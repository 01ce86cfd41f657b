import { inflateSync } from 'node:zlib'
import { pngChunk, pngChunks, pngSignature } from './png-chunks.ts'

/** Whether bytes begin as a PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return pngSignature.equals(bytes.subarray(0, 8))
}

/**
 * The text chunks (tEXt, zTXt, iTXt) of a PNG by keyword; ComfyUI keeps the graph in `prompt` and the page's graph
 * in `workflow`. Undefined if the bytes are no PNG; damaged chunks are left out.
 */
export function readPngText(bytes: Uint8Array): Map<string, string> | undefined {
  if (!isPng(bytes)) return undefined
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const texts = new Map<string, string>()
  for (const { type, data } of pngChunks(png)) {
    const entry = readTextChunk(type, data)
    if (entry) texts.set(entry[0], entry[1])
  }
  return texts
}

function readTextChunk(type: string, data: Buffer): [string, string] | undefined {
  const zero = data.indexOf(0)
  if (zero < 1) return undefined
  const keyword = data.toString('latin1', 0, zero)
  const rest = data.subarray(zero + 1)
  try {
    if (type === 'tEXt') return [keyword, rest.toString('latin1')]
    if (type === 'zTXt') return [keyword, inflated(rest.subarray(1)).toString('latin1')]
    if (type === 'iTXt') return [keyword, internationalText(rest)]
  } catch {
    // A damaged chunk says nothing.
  }
  return undefined
}

/** A workflow of many thousand nodes is a few megabytes; a few kilobytes can be made to grow to gigabytes. */
const longestText = 64 * 2 ** 20

function inflated(data: Buffer): Buffer {
  return inflateSync(data, { maxOutputLength: longestText })
}

/** `compressed, method, language 0, translated keyword 0, text`. */
function internationalText(rest: Buffer): string {
  const language = rest.indexOf(0, 2)
  const translated = rest.indexOf(0, language + 1)
  if (language < 0 || translated < 0) throw new Error('not an iTXt chunk')
  const text = rest.subarray(translated + 1)
  return (rest[0] === 1 ? inflated(text) : text).toString('utf8')
}

/** Puts text chunks into a PNG, before its image data: tEXt where Latin-1 is enough, else iTXt, as PIL does. */
export function withPngText(png: Buffer, entries: Readonly<Record<string, string>>): Buffer {
  const made = Object.entries(entries).map(([keyword, text]) => textChunk(keyword, text))
  for (const { type, start } of pngChunks(png)) {
    if (type === 'IDAT') return Buffer.concat([png.subarray(0, start), ...made, png.subarray(start)])
  }
  throw new Error('a PNG without image data')
}

function textChunk(keyword: string, text: string): Buffer {
  const isLatin1 = !/[\u0100-\uffff]/.test(text)
  return isLatin1
    ? pngChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'))
    : pngChunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)]))
}
