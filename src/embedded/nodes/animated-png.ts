import { pngChunk, pngChunks, pngSignature } from '../../protocol/png-chunks.ts'
import { pngOf } from './frames.ts'
import type { Frame } from './values.ts'

/**
 * Writes frames as one animated PNG that repeats for ever. The texts go into chunks named `comf`, as in ComfyUI;
 * programs that do not know animations show the first frame. `level` is zlib's, 0 to 9.
 */
export async function animatedPng(
  frames: readonly Frame[],
  milliseconds: number,
  level: number,
  texts: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const parts: Buffer[] = [pngSignature]
  let sequence = 0
  for (const [index, frame] of frames.entries()) {
    const chunks = [...pngChunks(await pngOf(frame, level))]
    const data = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
    const header = chunks.find(({ type }) => type === 'IHDR')
    if (index === 0 && header) parts.push(pngChunk('IHDR', header.data), animationControl(frames.length))
    parts.push(frameControl(frame, sequence++, milliseconds))
    // Frames after the first have numbered data that other programs skip.
    parts.push(
      index === 0 ? pngChunk('IDAT', data) : pngChunk('fdAT', Buffer.concat([u32(sequence++), data])),
    )
  }
  for (const [keyword, text] of Object.entries(texts)) {
    parts.push(pngChunk('comf', Buffer.from(`${keyword}\0${text}`, 'latin1')))
  }
  return Buffer.concat([...parts, pngChunk('IEND', Buffer.alloc(0))])
}

function animationControl(frames: number): Buffer {
  return pngChunk('acTL', Buffer.concat([u32(frames), u32(0)]))
}

/** Size, place and time of a frame; it replaces the one before. */
function frameControl({ width, height }: Frame, sequence: number, milliseconds: number): Buffer {
  const control = Buffer.alloc(26)
  control.writeUInt32BE(sequence, 0)
  control.writeUInt32BE(width, 4)
  control.writeUInt32BE(height, 8)
  control.writeUInt16BE(Math.min(0xffff, milliseconds), 20)
  control.writeUInt16BE(1000, 22)
  return pngChunk('fcTL', control)
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
