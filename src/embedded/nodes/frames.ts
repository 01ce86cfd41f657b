import sharp, { type Sharp } from 'sharp'
import { NodeError } from '../node.ts'
import type { Frame } from './values.ts'

/** A frame as an input of sharp. */
export function sharpOf({ width, height, channels, data }: Frame): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}

/** Reads a sharp pipeline's pixels, three or four channels as they come. */
export async function frameOf(pipeline: Sharp): Promise<Frame> {
  const { data, info } = await pipeline.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const channels = info.channels === 4 ? 4 : 3
  return { width: info.width, height: info.height, channels, data }
}

/** Stretches a frame to a size, smoothly and fast; not to the dot as ComfyUI would. Always a frame of its own. */
export async function resizeFrame(frame: Frame, width: number, height: number): Promise<Frame> {
  if (frame.width === width && frame.height === height) return { ...frame, data: Buffer.from(frame.data) }
  return frameOf(sharpOf(frame).resize(width, height, { fit: 'fill', kernel: 'cubic' }))
}

/** Cuts out a part that lies inside of the frame. */
export function cropFrame(frame: Frame, left: number, top: number, width: number, height: number): Frame {
  const { channels } = frame
  const data = Buffer.alloc(width * height * channels)
  for (let row = 0; row < height; row += 1) {
    const start = ((top + row) * frame.width + left) * channels
    frame.data.copy(data, row * width * channels, start, start + width * channels)
  }
  return { width, height, channels, data }
}

/** A frame of one colour. */
export function plainFrame(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Frame {
  const data = Buffer.alloc(width * height * 3, Uint8Array.of(red, green, blue))
  return { width, height, channels: 3, data }
}

/** The most pixels that a batch may have: 400 MB of RGB, about 11585 x 11585. */
const mostPixels = 2 ** 27

/** Throws what ComfyUI throws on a CPU when a batch does not fit into memory. */
export function checkMemory(width: number, height: number, batch: number): void {
  const pixels = width * height * batch
  if (pixels <= mostPixels) return
  // One channel of 32-bit floats at a time.
  const message = `[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate ${pixels * 4} bytes. Error code 12 (Cannot allocate memory)`
  throw new NodeError('RuntimeError', message)
}

/** A frame without its alpha channel. */
export function toRgb(frame: Frame): Frame {
  if (frame.channels === 3) return frame
  const data = Buffer.alloc(frame.width * frame.height * 3)
  for (let pixel = 0; pixel < frame.width * frame.height; pixel += 1) {
    frame.data.copy(data, pixel * 3, pixel * 4, pixel * 4 + 3)
  }
  return { width: frame.width, height: frame.height, channels: 3, data }
}

/** A frame with another value for each byte, alpha included. */
export function mapBytes(frame: Frame, change: (value: number) => number): Frame {
  return { ...frame, data: Buffer.from(frame.data.map(change)) }
}

/** Writes a frame as PNG; `level` is zlib's, 0 to 9. */
export async function pngOf(frame: Frame, level: number): Promise<Buffer> {
  return sharpOf(frame).png({ compressionLevel: level }).toBuffer()
}
