import { resample } from './resample.ts'
import type { Frame, MaskFrame } from './values.ts'

/** One channel of a frame: 0 red, 1 green, 2 blue, 3 alpha (255 everywhere if there is none). */
export function channelOf(frame: Frame, channel: number): MaskFrame {
  const { width, height, channels } = frame
  const data = Buffer.alloc(width * height, 255)
  if (channel < channels) {
    for (let pixel = 0; pixel < data.length; pixel += 1) {
      data[pixel] = frame.data[pixel * channels + channel] ?? 0
    }
  }
  return { width, height, data }
}

/** A mask as a grey picture. */
export function maskPicture({ width, height, data }: MaskFrame): Frame {
  const rgb = Buffer.alloc(width * height * 3)
  for (let pixel = 0; pixel < data.length; pixel += 1) rgb.fill(data[pixel] ?? 0, pixel * 3, pixel * 3 + 3)
  return { width, height, channels: 3, data: rgb }
}

/** A mask with each byte turned round. */
export function invertMask(mask: MaskFrame): MaskFrame {
  return { ...mask, data: Buffer.from(mask.data.map((value) => 255 - value)) }
}

/** Lets a mask reach further out: whatever lies within a square of `size` pixels around a marked one is marked. */
export function growMask(mask: MaskFrame, size: number): MaskFrame {
  const reach = Math.ceil((size - 1) / 2)
  if (reach <= 0) return mask
  const { width, height } = mask
  const data = Buffer.from(mask.data.map((value) => (value > 0 ? 255 : 0)))
  for (let y = 0; y < height; y += 1) growLine(data, y * width, 1, width, reach)
  for (let x = 0; x < width; x += 1) growLine(data, x, width, height, reach)
  return { width, height, data }
}

/** Marks what is no further than `reach` from a marked pixel of a row or column. */
function growLine(data: Buffer, start: number, step: number, length: number, reach: number): void {
  const marked: number[] = []
  for (let at = 0; at < length; at += 1) if (data[start + at * step]) marked.push(at)
  for (const center of marked) {
    const end = Math.min(length - 1, center + reach)
    for (let at = Math.max(0, center - reach); at <= end; at += 1) data[start + at * step] = 255
  }
}

/** Stretches a mask to a size. */
export function resizeMask(mask: MaskFrame, width: number, height: number): MaskFrame {
  if (mask.width === width && mask.height === height) return mask
  return channelOf(resample(maskPicture(mask), width, height, 'bilinear'), 0)
}
