import { checkMemory, cropFrame } from './frames.ts'
import { resample } from './resample.ts'
import type { Frame, ImageValue } from './values.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Scales every frame to a size; `method` is a name of the upscale nodes. With `center`, what does not fit the new
 * proportions is cut off on both sides first; otherwise the picture is stretched.
 */
export function scaleImage(image: ImageValue, size: Size, method: string, center: boolean): ImageValue {
  const target = { width: Math.max(1, size.width), height: Math.max(1, size.height) }
  checkMemory(target.width, target.height, image.frames.length)
  const frames = image.frames.map((frame) =>
    resample(center ? centerPart(frame, target) : frame, target.width, target.height, method),
  )
  return { ...image, frames }
}

function centerPart(frame: Frame, size: Size): Frame {
  const [before, after] = [frame.width / frame.height, size.width / size.height]
  const left = before > after ? Math.round((frame.width - frame.width * (after / before)) / 2) : 0
  const top = before < after ? Math.round((frame.height - frame.height * (before / after)) / 2) : 0
  return left === 0 && top === 0
    ? frame
    : cropFrame(frame, left, top, frame.width - 2 * left, frame.height - 2 * top)
}
