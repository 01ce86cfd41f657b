import type { Frame } from './values.ts'

/** Which places of a row one place of the new row is made of, and how much each counts. */
interface Tap {
  readonly start: number
  readonly weights: readonly number[]
}

/** The taps of each place of a new row of `to` places, made from one of `from` places. */
type Method = (from: number, to: number) => Tap[]

const methods: Readonly<Record<string, Method>> = {
  'nearest-exact': (from, to) =>
    places(to, (place) => ({ start: Math.floor(((place + 0.5) * from) / to), weights: [1] })),
  bilinear: (from, to) => interpolated(from, to, 1, (distance) => 1 - distance),
  bicubic: (from, to) => interpolated(from, to, 2, cubic),
  area: (from, to) =>
    places(to, (place) => {
      const start = Math.floor((place * from) / to)
      const count = Math.ceil(((place + 1) * from) / to) - start
      return { start, weights: Array.from({ length: count }, () => 1 / count) }
    }),
  lanczos,
}

/**
 * Scales a picture to the dot as ComfyUI does; `method` is a name of the upscale nodes, `bicubic` if unknown. Only
 * `lanczos` and `area` look at all dots when they make a picture smaller.
 */
export function resample(frame: Frame, width: number, height: number, method: string): Frame {
  if (frame.width === width && frame.height === height) return frame
  const { channels } = frame
  const taps = methods[method] ?? methods['bicubic'] ?? lanczos
  // Lanczos goes by PIL, which rounds after each direction; the others are exact up to the end.
  const isRounded = taps === lanczos
  const across = new Float32Array(width * frame.height * channels)
  const columns = taps(frame.width, width)
  for (let row = 0; row < frame.height; row += 1) {
    const from = row * frame.width * channels
    weigh(
      frame.data,
      from,
      channels,
      across,
      row * width * channels,
      channels,
      columns,
      frame.width,
      channels,
    )
  }
  if (isRounded) for (let at = 0; at < across.length; at += 1) across[at] = Math.round(clamp(across[at] ?? 0))
  const down = new Float32Array(width * height * channels)
  const stride = width * channels
  const rows = taps(frame.height, height)
  for (let column = 0; column < width; column += 1) {
    const at = column * channels
    weigh(across, at, stride, down, at, stride, rows, frame.height, channels)
  }
  const data = Buffer.alloc(down.length)
  const half = isRounded ? 0.5 : 1e-3
  for (let at = 0; at < data.length; at += 1) data[at] = clamp((down[at] ?? 0) + half)
  return { width, height, channels, data }
}

/** Makes one row or column; `stride` is from one dot to the next. */
function weigh(
  from: Buffer | Float32Array,
  fromStart: number,
  fromStride: number,
  to: Float32Array,
  toStart: number,
  toStride: number,
  taps: readonly Tap[],
  length: number,
  channels: number,
): void {
  for (let place = 0; place < taps.length; place += 1) {
    const tap = taps[place]
    if (!tap) continue
    for (let channel = 0; channel < channels; channel += 1) {
      let sum = 0
      for (let index = 0; index < tap.weights.length; index += 1) {
        // Beyond the edge the last dot goes on.
        const other = Math.min(length - 1, Math.max(0, tap.start + index))
        sum += (from[fromStart + other * fromStride + channel] ?? 0) * (tap.weights[index] ?? 0)
      }
      to[toStart + place * toStride + channel] = sum
    }
  }
}

function places(count: number, tap: (place: number) => Tap): Tap[] {
  return Array.from({ length: count }, (_, place) => tap(place))
}

/** Weighs the nearest `2 * reach` dots by their distance from the place, whatever the scale. */
function interpolated(from: number, to: number, reach: number, weight: (distance: number) => number): Tap[] {
  return places(to, (place) => {
    // The linear curve stops at the edge, the cubic one goes beyond.
    const exact = ((place + 0.5) * from) / to - 0.5
    const center = reach === 1 ? Math.max(0, exact) : exact
    const start = Math.floor(center) - reach + 1
    const weights = Array.from({ length: 2 * reach }, (_, index) => weight(Math.abs(center - start - index)))
    return { start, weights }
  })
}

/** The cubic curve of Keys with -0.75 for its free parameter. */
function cubic(distance: number): number {
  const a = -0.75
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1
  return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a
}

/** A windowed sinc of three lobes; made smaller, it is as much wider. */
function lanczos(from: number, to: number): Tap[] {
  const scale = from / to
  const spread = Math.max(1, scale)
  const reach = 3 * spread
  return places(to, (place) => {
    const center = (place + 0.5) * scale
    const start = Math.max(0, Math.trunc(center - reach + 0.5))
    const end = Math.min(from, Math.trunc(center + reach + 0.5))
    const weights = Array.from({ length: end - start }, (_, index) => {
      const distance = (start + index - center + 0.5) / spread
      return Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0
    })
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { start, weights: weights.map((weight) => weight / sum) }
  })
}

function sinc(value: number): number {
  return value === 0 ? 1 : Math.sin(Math.PI * value) / (Math.PI * value)
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, value))
}
