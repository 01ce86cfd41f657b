import { resizeFrame, toRgb } from './frames.ts'
import { drawLandscape } from './landscape.ts'
import { markRehearsal } from './mark.ts'
import type { Frame, LatentItem, LatentValue, MaskFrame, Sampling } from './values.ts'

/** The longest side at which the picture is drawn dot by dot; larger ones are enlarged from it. */
const drawnSide = 448

/**
 * The picture of one place in a latent's batch: made from what the samplers were given, over what was encoded, and
 * marked as a rehearsal in its pixels.
 */
export async function rehearsalPicture(latent: LatentValue, item: LatentItem): Promise<Frame> {
  const frame = await unmarkedPicture(latent.width, latent.height, item)
  markRehearsal(frame, details(item))
  return frame
}

/** As `rehearsalPicture` at any size and without the mark: for previews. */
export async function unmarkedPicture(width: number, height: number, item: LatentItem): Promise<Frame> {
  let frame = item.source ? toRgb(await resizeFrame(item.source, width, height)) : emptyPicture(width, height)
  let hasPixels = item.source !== undefined
  for (const sampling of item.samplings) {
    const drawn = await drawSampling(sampling, item.batchIndex, width, height)
    const weight = hasPixels ? blendWeight(sampling.denoise) : 1
    frame = await blend(frame, drawn, weight, item.mask)
    hasPixels = true
  }
  return frame
}

/** The text chunk of a saved picture that tells what it is. */
export function rehearsalNote(item: LatentItem | undefined): string {
  const note = 'rehearsal: no model ran, the picture was drawn by comfy-run'
  const last = item?.samplings.at(-1)
  return last ? `${note} from prompt, seed ${last.seed} and size` : note
}

function details(item: LatentItem): string[] {
  const last = item.samplings.at(-1)
  if (!last) return []
  const place = item.batchIndex > 0 ? ` #${item.batchIndex + 1}` : ''
  return [last.prompt, `seed ${last.seed}${place}`].filter((line) => line.trim() !== '')
}

/** At full denoise nothing of the source is left; below, its shapes stay visible. */
function blendWeight(denoise: number): number {
  return denoise >= 1 ? 1 : Math.max(0, denoise) * 0.75
}

async function drawSampling(
  sampling: Sampling,
  index: number,
  width: number,
  height: number,
): Promise<Frame> {
  const key = JSON.stringify([sampling.prompt, sampling.negative, String(sampling.seed), index])
  const scale = Math.min(1, drawnSide / Math.max(width, height))
  const small = drawLandscape(
    key,
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  )
  return resizeFrame(small, width, height)
}

function emptyPicture(width: number, height: number): Frame {
  return { width, height, channels: 3, data: Buffer.alloc(width * height * 3, 110) }
}

/** Puts `top` over `bottom`, by `weight` and only where the mask, stretched over both, lets it. */
async function blend(bottom: Frame, top: Frame, weight: number, mask: MaskFrame | undefined): Promise<Frame> {
  if (weight === 1 && !mask) return top
  const data = Buffer.from(bottom.data)
  for (let pixel = 0; pixel < bottom.width * bottom.height; pixel += 1) {
    const share = mask ? weight * maskAt(mask, pixel, bottom) : weight
    for (let at = pixel * 3; at < pixel * 3 + 3; at += 1) {
      const under = data[at] ?? 0
      data[at] = under + ((top.data[at] ?? 0) - under) * share
    }
  }
  return { ...bottom, data }
}

function maskAt(mask: MaskFrame, pixel: number, frame: Frame): number {
  const x = Math.floor(((pixel % frame.width) * mask.width) / frame.width)
  const y = Math.floor((Math.floor(pixel / frame.width) * mask.height) / frame.height)
  return (mask.data[y * mask.width + x] ?? 0) / 255
}
