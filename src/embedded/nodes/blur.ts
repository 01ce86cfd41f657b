import type { Frame } from './values.ts'

/**
 * Blurs a picture with a bell curve of `2 * radius + 1` pixels. As in ComfyUI, `sigma` counts in radii, not in
 * pixels. The picture is mirrored at its edges.
 */
export function blurFrame(frame: Frame, radius: number, sigma: number): Frame {
  const weights = bell(radius, sigma)
  const { width, height, channels } = frame
  const rows = pass(Float32Array.from(frame.data), width, height, channels, weights, true)
  const both = pass(rows, width, height, channels, weights, false)
  return { ...frame, data: Buffer.from(both.map((value) => value + 1e-3)) }
}

function bell(radius: number, sigma: number): readonly number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-(((index - radius) / radius) ** 2) / (2 * sigma * sigma)),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

function pass(
  from: Float32Array,
  width: number,
  height: number,
  channels: number,
  weights: readonly number[],
  alongRows: boolean,
): Float32Array {
  const radius = (weights.length - 1) / 2
  const length = alongRows ? width : height
  const step = alongRows ? channels : width * channels
  const to = new Float32Array(from.length)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = alongRows ? x : y
      const start = (y * width + x) * channels
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0
        for (let index = 0; index < weights.length; index += 1) {
          const other = mirrored(place + index - radius, length)
          sum += (from[start + channel + (other - place) * step] ?? 0) * (weights[index] ?? 0)
        }
        to[start + channel] = sum
      }
    }
  }
  return to
}

/** A place outside of 0 to `length - 1` as its mirror image inside. */
function mirrored(place: number, length: number): number {
  const folded = place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place
  return Math.min(length - 1, Math.max(0, folded))
}
