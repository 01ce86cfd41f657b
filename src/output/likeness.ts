/** The side, in pixels, of the squares that images are scaled to before they are compared. */
const side = 128
/** The side of the windows in which they are compared, and how far one is from the next. */
const window = 8
const stride = 4
/** Keep the quotients of dark, flat windows steady: the usual 0.01 and 0.03 of the range, squared. */
const luminanceFloor = (0.01 * 255) ** 2
const contrastFloor = (0.03 * 255) ** 2

/** An image as it is compared: three colours of 128 x 128 pixels. */
export interface Thumbnail {
  /** Red, green and blue of each pixel, 0 to 255. */
  readonly pixels: Uint8Array
}

/** Reads an image for comparison; what is transparent becomes white. Throws what sharp throws. */
export async function readThumbnail(path: string): Promise<Thumbnail> {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  const pixels = await sharp(path, { failOn: 'error', limitInputPixels: 2 ** 30 })
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: 'white' })
    .resize(side, side, { fit: 'fill', fastShrinkOnLoad: false })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer()
  return { pixels }
}

/**
 * How alike two images look: 1 for equal ones, seldom above 0.5 for unrelated ones. It is the structural similarity
 * (SSIM) of each colour over windows of 8 x 8 pixels, of which the mean is taken. Size and proportions play no
 * part.
 */
export function likeness(a: Thumbnail, b: Thumbnail): number {
  let sum = 0
  let windows = 0
  for (let top = 0; top + window <= side; top += stride) {
    for (let left = 0; left + window <= side; left += stride) {
      for (let colour = 0; colour < 3; colour += 1) {
        sum += windowLikeness(a.pixels, b.pixels, (top * side + left) * 3 + colour)
        windows += 1
      }
    }
  }
  return sum / windows
}

function windowLikeness(a: Uint8Array, b: Uint8Array, start: number): number {
  let sumA = 0
  let sumB = 0
  let squaresA = 0
  let squaresB = 0
  let products = 0
  for (let row = 0; row < window; row += 1) {
    for (let column = 0; column < window; column += 1) {
      const at = start + (row * side + column) * 3
      const valueA = a[at] ?? 0
      const valueB = b[at] ?? 0
      sumA += valueA
      sumB += valueB
      squaresA += valueA * valueA
      squaresB += valueB * valueB
      products += valueA * valueB
    }
  }
  const count = window * window
  const meanA = sumA / count
  const meanB = sumB / count
  const varianceA = squaresA / count - meanA * meanA
  const varianceB = squaresB / count - meanB * meanB
  const covariance = products / count - meanA * meanB
  return (
    ((2 * meanA * meanB + luminanceFloor) * (2 * covariance + contrastFloor)) /
    ((meanA * meanA + meanB * meanB + luminanceFloor) * (varianceA + varianceB + contrastFloor))
  )
}
