import type { Frame, MaskFrame } from './values.ts'

interface Margins {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Puts grey margins around pictures. The mask marks the margins; with `feathering` it reaches, fading, so many pixels
 * into the picture from each side that has a margin.
 */
export function padForOutpaint(
  frames: readonly Frame[],
  margins: Margins,
  feathering: number,
): { readonly frames: Frame[]; readonly mask: MaskFrame } {
  const [{ width, height } = { width: 0, height: 0 }] = frames
  return {
    frames: frames.map((frame) => padded(frame, margins)),
    mask: marginMask(width, height, margins, feathering),
  }
}

const grey = 127

function padded(frame: Frame, { left, top, right, bottom }: Margins): Frame {
  const { channels } = frame
  const [width, height] = [frame.width + left + right, frame.height + top + bottom]
  const data = Buffer.alloc(width * height * channels, grey)
  for (let row = 0; row < frame.height; row += 1) {
    const start = row * frame.width * channels
    frame.data.copy(data, ((row + top) * width + left) * channels, start, start + frame.width * channels)
  }
  return { width, height, channels, data }
}

function marginMask(width: number, height: number, margins: Margins, feathering: number): MaskFrame {
  const { left, top, right, bottom } = margins
  const outer = { width: width + left + right, height: height + top + bottom }
  const data = Buffer.alloc(outer.width * outer.height, 255)
  // A picture too small to fade on both sides keeps a hard edge.
  const fades = feathering > 0 && feathering * 2 < height && feathering * 2 < width
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const distance = Math.min(
        top ? y : height,
        bottom ? height - y : height,
        left ? x : width,
        right ? width - x : width,
      )
      const share = fades && distance < feathering ? ((feathering - distance) / feathering) ** 2 : 0
      data[(y + top) * outer.width + x + left] = Math.floor(share * 255)
    }
  }
  return { ...outer, data }
}
