import type { NodeContext } from '../node.ts'
import { sharpOf } from './frames.ts'
import { randomNumbers } from '../random-numbers.ts'
import { markRehearsal } from './mark.ts'
import { unmarkedPicture } from './rehearsal.ts'
import type { Frame, LatentItem, LatentValue, Sampling } from './values.ts'

/** The longer side of a preview, in pixels, whatever the size of the image. */
const previewSide = 512

/**
 * Rehearses a sampling: goes through the steps, with previews, and notes the settings in the latent. `channels` is
 * what the model makes of an empty latent of another family.
 */
export async function rehearseSampling(
  latent: LatentValue,
  sampling: Sampling,
  steps: number,
  channels: number,
  context: NodeContext,
): Promise<LatentValue> {
  const items = latent.items.map((item) => ({ ...item, samplings: [...item.samplings, sampling] }))
  const isEmpty = latent.items.every((item) => !item.source && item.samplings.length === 0)
  const [first] = items
  const preview = first && previews(latent, first)
  for (let step = 1; step <= steps; step += 1) {
    await context.progress(step, steps, preview && (() => preview(step / steps)))
  }
  return { ...latent, channels: isEmpty ? channels : latent.channels, items }
}

/** Makes previews of a latent's first picture, marked as a rehearsal: at first mostly noise, at last none. */
function previews(latent: LatentValue, item: LatentItem): (done: number) => Promise<Buffer> {
  const scale = previewSide / Math.max(latent.width, latent.height)
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale))
  // Drawn once, and only if somebody looks.
  let drawn: Promise<Frame> | undefined
  return async (done) => {
    drawn ??= unmarkedPicture(side(latent.width), side(latent.height), item)
    const frame = withNoise(await drawn, 1 - done)
    markRehearsal(frame, [])
    return sharpOf(frame).jpeg({ quality: 80 }).toBuffer()
  }
}

/** The dots of noise are as large as those of a latent would be. */
const dot = 8

/** A copy of a picture with noise over it, by `share`. */
function withNoise(frame: Frame, share: number): Frame {
  const { width, height } = frame
  const columns = Math.ceil(width / dot)
  const random = randomNumbers('noise')
  const noise = Float64Array.from({ length: columns * Math.ceil(height / dot) * 3 }, () => random() * 255)
  const data = Buffer.from(frame.data)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = ((y >> 3) * columns + (x >> 3)) * 3
      const at = (y * width + x) * 3
      for (let channel = 0; channel < 3; channel += 1) {
        const value = data[at + channel] ?? 0
        data[at + channel] = value + ((noise[cell + channel] ?? 0) - value) * share
      }
    }
  }
  return { ...frame, data }
}
