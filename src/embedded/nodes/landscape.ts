import { randomNumbers } from '../random-numbers.ts'
import type { Frame } from './values.ts'

type Color = readonly [red: number, green: number, blue: number]

interface Hill {
  readonly base: number
  readonly waves: readonly Wave[]
  readonly color: Color
}

interface Wave {
  readonly height: number
  readonly length: number
  readonly phase: number
}

/**
 * Draws the picture that stands for what a model would have made: a sky, a sun and hills, all from `key`. The same
 * key gives the same picture at any size, another one an entirely different one.
 */
export function drawLandscape(key: string, width: number, height: number): Frame {
  const random = randomNumbers(key)
  const hue = random()
  const sky = [hueColor(hue, 0.55, 0.3), hueColor(hue + 0.08 + random() * 0.1, 0.6, 0.62)] as const
  const glow = hueColor(hue + 0.12 + random() * 0.2, 0.85, 0.8)
  const sun = { x: 0.15 + random() * 0.7, y: 0.15 + random() * 0.35, radius: 0.05 + random() * 0.09 }
  const hills = makeHills(random, hue)
  const clouds = [0, 1, 2].map(() => ({ y: random() * 0.5, phase: random() * 9, length: 2 + random() * 5 }))
  const data = Buffer.alloc(width * height * 3)
  const aspect = width / height
  // One colour for all dots: a new one for each took most of the time.
  const color: [number, number, number] = [0, 0, 0]
  for (let column = 0; column < width; column += 1) {
    const x = (column + 0.5) / width
    const ridges = hills.map((hill) => ridge(hill, x * Math.min(aspect, 3)))
    const drifts = clouds.map((cloud) => cloud.y + drift(cloud, x))
    for (let row = 0; row < height; row += 1) {
      const y = (row + 0.5) / height
      // Math.hypot, and iterators in the inner loops, are several times slower.
      const distance = Math.sqrt(((x - sun.x) * aspect) ** 2 + (y - sun.y) ** 2)
      const light = Math.exp(-distance * 3.2) * 0.65
      paint(color, sky[0], 1)
      paint(color, sky[1], y * 1.25)
      paint(color, glow, light)
      for (let index = 0; index < drifts.length; index += 1) {
        const offset = (y - (drifts[index] ?? 0)) * 22
        if (offset > -3 && offset < 3) paint(color, glow, Math.exp(-offset * offset) * 0.28)
      }
      paint(color, sunColor, smooth(sun.radius + 0.012, sun.radius - 0.004, distance))
      for (let index = 0; index < hills.length; index += 1) {
        const depth = y - (ridges[index] ?? 1)
        const cover = Math.min(1, depth * height + 0.5)
        // The upper parts catch the light.
        if (cover > 0)
          paintLit(color, hills[index], glow, Math.max(0, 0.3 - depth * 1.4) + light * 0.18, cover)
      }
      const at = (row * width + column) * 3
      data[at] = color[0]
      data[at + 1] = color[1]
      data[at + 2] = color[2]
    }
  }
  return { width, height, channels: 3, data }
}

const sunColor: Color = [255, 250, 236]

function drift(cloud: { readonly phase: number; readonly length: number }, x: number): number {
  return -Math.sin(x * cloud.length + cloud.phase + Math.sin(x * 3 + cloud.phase) * 0.6) * 0.05
}

/** Lets `color` go towards another one, by a share that is brought into 0 to 1. */
function paint(color: [number, number, number], to: Color, share: number): void {
  const part = Math.min(1, Math.max(0, share))
  color[0] += (to[0] - color[0]) * part
  color[1] += (to[1] - color[1]) * part
  color[2] += (to[2] - color[2]) * part
}

function makeHills(random: () => number, hue: number): Hill[] {
  const far = hueColor(hue + 0.02, 0.42, 0.5)
  const near = hueColor(hue + 0.45 + random() * 0.15, 0.45, 0.14)
  const count = 4
  return Array.from({ length: count }, (_, index) => ({
    base: 0.5 + index * 0.115 + random() * 0.05,
    waves: [1, 2.3, 5.1].map((rate) => ({
      height: (0.075 * (0.5 + random())) / rate,
      length: rate * (2 + random() * 3),
      phase: random() * Math.PI * 2,
    })),
    color: mix(far, near, index / (count - 1)),
  }))
}

function ridge(hill: Hill, x: number): number {
  return hill.waves.reduce((y, wave) => y + Math.sin(x * wave.length + wave.phase) * wave.height, hill.base)
}

function mix(from: Color, to: Color, share: number): Color {
  const part = Math.min(1, Math.max(0, share))
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ]
}

/** Paints a colour that itself goes towards the light, by `shine`. */
function paintLit(
  color: [number, number, number],
  hill: Hill | undefined,
  glow: Color,
  shine: number,
  cover: number,
): void {
  if (!hill) return
  const [red, green, blue] = hill.color
  color[0] += (red + (glow[0] - red) * shine - color[0]) * cover
  color[1] += (green + (glow[1] - green) * shine - color[1]) * cover
  color[2] += (blue + (glow[2] - blue) * shine - color[2]) * cover
}

/** Goes from 0 at `start` to 1 at `end` without a corner. */
function smooth(start: number, end: number, value: number): number {
  const part = Math.min(1, Math.max(0, (value - start) / (end - start)))
  return part * part * (3 - 2 * part)
}

/** A colour by hue (full circle is 1), saturation and lightness (0 to 1). */
function hueColor(hue: number, saturation: number, lightness: number): Color {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const place = (offset + hue * 12) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}
