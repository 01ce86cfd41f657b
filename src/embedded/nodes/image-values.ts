import type { Frame, ImageValue } from './values.ts'

/** As an image, with other frames. */
export function withFrames(image: ImageValue, frames: readonly Frame[]): ImageValue {
  return { ...image, frames }
}

/** Whether any of the images is a rehearsal. */
export function rehearsalOf(...images: readonly ImageValue[]): Pick<ImageValue, 'rehearsal'> {
  const rehearsal = images.find((image) => image.rehearsal !== undefined)?.rehearsal
  return rehearsal === undefined ? {} : { rehearsal }
}

/** The size of an image, as its first frame has it. */
export function sizeOf(image: ImageValue): { readonly width: number; readonly height: number } {
  const [{ width, height } = { width: 1, height: 1 }] = image.frames
  return { width, height }
}
