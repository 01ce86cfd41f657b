import { defineNode, type TableEntry } from './define.ts'
import { withFrames } from './image-values.ts'
import { linked, textOf, type Frame } from './values.ts'

/** A picture with its dots elsewhere: `from` says which dot of the old picture comes to a place. */
function rearranged(
  frame: Frame,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [x: number, y: number],
): Frame {
  const { channels } = frame
  const data = Buffer.alloc(width * height * channels)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [oldX, oldY] = from(x, y)
      const start = (oldY * frame.width + oldX) * channels
      frame.data.copy(data, (y * width + x) * channels, start, start + channels)
    }
  }
  return { width, height, channels, data }
}

function flipped(frame: Frame, method: string): Frame {
  const { width, height } = frame
  return method.startsWith('x')
    ? rearranged(frame, width, height, (x, y) => [x, height - 1 - y])
    : rearranged(frame, width, height, (x, y) => [width - 1 - x, y])
}

/** Turned clockwise. */
function rotated(frame: Frame, rotation: string): Frame {
  const { width, height } = frame
  if (rotation.startsWith('90')) return rearranged(frame, height, width, (x, y) => [y, height - 1 - x])
  if (rotation.startsWith('180')) {
    return rearranged(frame, width, height, (x, y) => [width - 1 - x, height - 1 - y])
  }
  return rotation.startsWith('270') ? rearranged(frame, height, width, (x, y) => [width - 1 - y, x]) : frame
}

/** Nodes that turn pictures. */
export const transforms: readonly TableEntry[] = [
  defineNode({
    name: 'ImageFlip',
    title: 'ImageFlip',
    category: 'image/transform',
    module: 'comfy_extras.nodes_images',
    required: { image: ['IMAGE'], flip_method: [['x-axis: vertically', 'y-axis: horizontally']] },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const method = textOf(inputs.flip_method)
      return {
        outputs: [
          withFrames(
            image,
            image.frames.map((frame) => flipped(frame, method)),
          ),
        ],
      }
    },
  }),
  defineNode({
    name: 'ImageRotate',
    title: 'ImageRotate',
    category: 'image/transform',
    module: 'comfy_extras.nodes_images',
    required: { image: ['IMAGE'], rotation: [['none', '90 degrees', '180 degrees', '270 degrees']] },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const rotation = textOf(inputs.rotation)
      return {
        outputs: [
          withFrames(
            image,
            image.frames.map((frame) => rotated(frame, rotation)),
          ),
        ],
      }
    },
  }),
]
