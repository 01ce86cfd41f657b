import { blurFrame } from './blur.ts'
import { defineNode, type TableEntry } from './define.ts'
import { withFrames } from './image-values.ts'
import { linked, numberOf, type Frame } from './values.ts'

/** Strength and direction of the change of light at each pixel. */
interface Gradients {
  readonly strength: Float32Array
  /** The step to the next pixel along the change, as a distance in the array. */
  readonly step: Int32Array
}

/**
 * White lines on black where a picture's light changes (Canny, 1986): blurred, Sobel, only the ridges, and of the weak
 * ones only those that hang on to a strong one. Thresholds are from 0 to 1.
 */
export function edgesOf(frame: Frame, low: number, high: number): Frame {
  const { width, height } = frame
  const { strength, step } = gradientsOf(lightOf(blurFrame(frame, 2, 0.5)), width, height)
  const isRidge = (at: number): boolean => {
    const along = step[at] ?? 0
    const here = strength[at] ?? 0
    return here > (strength[at - along] ?? 0) && here >= (strength[at + along] ?? 0)
  }
  const data = Buffer.alloc(width * height * 3)
  const waiting: number[] = []
  const mark = (at: number, least: number): void => {
    if (data[at * 3] !== 0 || !((strength[at] ?? 0) > least) || !isRidge(at)) return
    data.fill(255, at * 3, at * 3 + 3)
    waiting.push(at)
  }
  for (let at = 0; at < strength.length; at += 1) {
    mark(at, high)
    for (let edge = waiting.pop(); edge !== undefined; edge = waiting.pop()) {
      for (const row of [-width, 0, width]) for (const column of [-1, 0, 1]) mark(edge + row + column, low)
    }
  }
  return { width, height, channels: 3, data }
}

function lightOf({ width, height, channels, data }: Frame): Float32Array {
  return Float32Array.from({ length: width * height }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * channels, at * channels + 3)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
  })
}

/** None along the border, where there are no neighbours. */
function gradientsOf(light: Float32Array, width: number, height: number): Gradients {
  const strength = new Float32Array(light.length)
  const step = new Int32Array(light.length)
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x
      const of = (dx: number, dy: number): number => light[at + dy * width + dx] ?? 0
      const across = of(1, -1) + 2 * of(1, 0) + of(1, 1) - of(-1, -1) - 2 * of(-1, 0) - of(-1, 1)
      const down = of(-1, 1) + 2 * of(0, 1) + of(1, 1) - of(-1, -1) - 2 * of(0, -1) - of(1, -1)
      strength[at] = Math.hypot(across, down)
      const eighth = Math.round(Math.atan2(down, across) / (Math.PI / 4))
      const [dx = 1, dy = 0] = directions[(eighth + 4) % 4] ?? []
      step[at] = dy * width + dx
    }
  }
  return { strength, step }
}

/** Right, down and right, down, down and left. */
const directions = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
] as const

/** The edges of pictures, for ControlNets. */
export const edgeDetectors: readonly TableEntry[] = [
  defineNode({
    name: 'Canny',
    title: 'Detect Edges (Canny)',
    category: 'image/filters',
    module: 'comfy_extras.nodes_canny',
    v3: true,
    essentials: 'Image Tools',
    required: {
      image: ['IMAGE', {}],
      low_threshold: ['FLOAT', { default: 0.4, min: 0.01, max: 0.99, step: 0.01 }],
      high_threshold: ['FLOAT', { default: 0.8, min: 0.01, max: 0.99, step: 0.01 }],
    },
    output: ['IMAGE'],
    run: ({ image, low_threshold, high_threshold }) => {
      const pictures = linked('image', image)
      const [low, high] = [numberOf(low_threshold), numberOf(high_threshold)]
      return {
        outputs: [
          withFrames(
            pictures,
            pictures.frames.map((frame) => edgesOf(frame, low, high)),
          ),
        ],
      }
    },
  }),
]
