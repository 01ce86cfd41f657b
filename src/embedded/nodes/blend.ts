import { toRgb } from './frames.ts'
import type { Frame } from './values.ts'

/** Combines one channel of two pictures, both 0 to 1. */
type Mode = (under: number, over: number) => number

const normal: Mode = (_, over) => over

const modes: Readonly<Record<string, Mode>> = {
  normal,
  multiply: (under, over) => under * over,
  screen: (under, over) => 1 - (1 - under) * (1 - over),
  overlay: (under, over) => (under <= 0.5 ? 2 * under * over : 1 - 2 * (1 - under) * (1 - over)),
  soft_light: (under, over) =>
    over <= 0.5
      ? under - (1 - 2 * over) * under * (1 - under)
      : under + (2 * over - 1) * (softened(under) - under),
  difference: (under, over) => under - over,
}

/** The curve of soft light (W3C compositing): steep in the shadows, a root above. */
function softened(value: number): number {
  return value <= 0.25 ? ((16 * value - 12) * value + 4) * value : Math.sqrt(value)
}

/** Lays a picture over another of the same size; `factor` 0 leaves the lower, 1 is the mode at full strength. */
export function blendFrames(under: Frame, over: Frame, mode: string, factor: number): Frame {
  const combine = modes[mode] ?? normal
  const [below, above] = [toRgb(under), toRgb(over)]
  const data = Buffer.alloc(below.data.length)
  for (let at = 0; at < data.length; at += 1) {
    const first = (below.data[at] ?? 0) / 255
    const result = first * (1 - factor) + combine(first, (above.data[at] ?? 0) / 255) * factor
    // A factor of NaN makes everything black.
    data[at] = Math.min(1, Math.max(0, result)) * 255 + 1e-3
  }
  return { ...below, data }
}
