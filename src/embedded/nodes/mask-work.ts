import type { MaskFrame } from './values.ts'

/** A part of a mask, in pixels. */
export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Widths along the four sides, in pixels. */
export interface Margins {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A mask with another value for each byte. */
export function mapMask(mask: MaskFrame, change: (value: number) => number): MaskFrame {
  return { ...mask, data: Buffer.from(mask.data.map(change)) }
}

/** Cuts out a part; what would lie outside is left out. */
export function cropMask(mask: MaskFrame, area: Area): MaskFrame {
  const [left, top] = [Math.min(area.left, mask.width - 1), Math.min(area.top, mask.height - 1)]
  const [width, height] = [Math.min(area.width, mask.width - left), Math.min(area.height, mask.height - top)]
  const data = Buffer.alloc(width * height)
  for (let y = 0; y < height; y += 1) {
    const start = (y + top) * mask.width + left
    mask.data.copy(data, y * width, start, start + width)
  }
  return { width, height, data }
}

/**
 * Lets a mask fade towards its sides. As in ComfyUI, the fading from the right and from below begins one row further
 * out, so that the first column and row take its first step.
 */
export function featherMask(mask: MaskFrame, margins: Margins): MaskFrame {
  const { width, height } = mask
  const across = fading(width, margins.left, margins.right)
  const down = fading(height, margins.top, margins.bottom)
  const data = Buffer.from(mask.data)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x
      data[at] = (data[at] ?? 0) * (down[y] ?? 1) * (across[x] ?? 1) + 1e-3
    }
  }
  return { ...mask, data }
}

/** What is left of each place in a row with margins at its start and end. */
function fading(length: number, start: number, end: number): readonly number[] {
  const share = (distance: number, margin: number): number => {
    const width = Math.min(margin, length)
    return distance < width ? (distance + 1) / width : 1
  }
  return Array.from({ length }, (_, at) => share(at, start) * share((length - at) % length, end))
}

/** Grows a mask by `steps` pixels, or lets it shrink if negative. With `tapered`, corners are not filled out. */
export function spreadMask(mask: MaskFrame, steps: number, tapered: boolean): MaskFrame {
  const pick = steps > 0 ? Math.max : Math.min
  let spread = mask
  for (let step = 0; step < Math.abs(steps); step += 1) {
    const next = spreadOnce(spread, pick, tapered)
    if (next.data.equals(spread.data)) break
    spread = next
  }
  return spread
}

function spreadOnce(
  { width, height, data }: MaskFrame,
  pick: (...values: number[]) => number,
  tapered: boolean,
): MaskFrame {
  const at = (x: number, y: number): number =>
    data[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] ?? 0
  const made = Buffer.alloc(data.length)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cross = pick(at(x, y), at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1))
      made[y * width + x] = tapered
        ? cross
        : pick(cross, at(x - 1, y - 1), at(x + 1, y - 1), at(x - 1, y + 1), at(x + 1, y + 1))
    }
  }
  return { width, height, data: made }
}

/** Combines two bytes of masks, 0 to 255. */
type Operation = (under: number, over: number) => number

const isSet = (value: number): boolean => value > 127.5
const operations: Readonly<Record<string, Operation>> = {
  multiply: (under, over) => (under * over) / 255,
  add: (under, over) => under + over,
  subtract: (under, over) => under - over,
  and: (under, over) => (isSet(under) && isSet(over) ? 255 : 0),
  or: (under, over) => (isSet(under) || isSet(over) ? 255 : 0),
  xor: (under, over) => (isSet(under) !== isSet(over) ? 255 : 0),
}

/** Puts one mask over another at a place; `operation` is a name of the MaskComposite node. */
export function combineMasks(
  under: MaskFrame,
  over: MaskFrame,
  left: number,
  top: number,
  operation: string,
): MaskFrame {
  const combine = operations[operation] ?? ((_, value: number) => value)
  const data = Buffer.from(under.data)
  for (let y = 0; y < Math.min(over.height, under.height - top); y += 1) {
    for (let x = 0; x < Math.min(over.width, under.width - left); x += 1) {
      const at = (y + top) * under.width + x + left
      const value = combine(data[at] ?? 0, over.data[y * over.width + x] ?? 0)
      data[at] = Math.min(255, Math.max(0, value))
    }
  }
  return { ...under, data }
}
