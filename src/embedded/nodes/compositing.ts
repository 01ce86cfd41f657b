import { defineNode, type TableEntry } from './define.ts'
import { toRgb } from './frames.ts'
import { rehearsalOf, sizeOf, withFrames } from './image-values.ts'
import { channelOf, invertMask, resizeMask } from './mask-frames.ts'
import { scaleImage } from './scale.ts'
import { isOfKind, linked, numberOf, type Frame, type MaskFrame } from './values.ts'

/** Lays a picture over another at a place; the mask, if any, is stretched over the upper one. */
function composed(under: Frame, over: Frame, left: number, top: number, mask: MaskFrame | undefined): Frame {
  const [below, above] = [toRgb(under), toRgb(over)]
  const data = Buffer.from(below.data)
  const shares = mask && resizeMask(mask, above.width, above.height)
  const [width, height] = [
    Math.min(above.width, below.width - left),
    Math.min(above.height, below.height - top),
  ]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const share = shares ? (shares.data[y * above.width + x] ?? 0) / 255 : 1
      const [from, to] = [(y * above.width + x) * 3, ((y + top) * below.width + x + left) * 3]
      for (let channel = 0; channel < 3; channel += 1) {
        const value = data[to + channel] ?? 0
        data[to + channel] = value + ((above.data[from + channel] ?? 0) - value) * share + 1e-3
      }
    }
  }
  return { ...below, data }
}

/** A picture that is transparent where the mask is. */
function withAlpha(frame: Frame, mask: MaskFrame): Frame {
  const { width, height, data: rgb } = toRgb(frame)
  const { data: alpha } = invertMask(resizeMask(mask, width, height))
  const data = Buffer.alloc(width * height * 4)
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    rgb.copy(data, pixel * 4, pixel * 3, pixel * 3 + 3)
    data[pixel * 4 + 3] = alpha[pixel] ?? 0
  }
  return { width, height, channels: 4, data }
}

/** Nodes that put pictures together, and their transparency. */
export const compositings: readonly TableEntry[] = [
  defineNode({
    name: 'ImageCompositeMasked',
    title: 'ImageCompositeMasked',
    category: 'image',
    module: 'comfy_extras.nodes_mask',
    required: {
      destination: ['IMAGE'],
      source: ['IMAGE'],
      x: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      y: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      resize_source: ['BOOLEAN', { default: false }],
    },
    optional: { mask: ['MASK'] },
    output: ['IMAGE'],
    run: (inputs) => {
      const destination = linked('image', inputs.destination)
      const given = linked('image', inputs.source)
      const source =
        inputs.resize_source === true ? scaleImage(given, sizeOf(destination), 'bilinear', false) : given
      const masks = isOfKind(inputs.mask, 'mask') ? inputs.mask.frames : []
      const [left, top] = [numberOf(inputs.x), numberOf(inputs.y)]
      const frames = destination.frames.map((frame, index) => {
        const over = source.frames[index % source.frames.length]
        return over ? composed(frame, over, left, top, masks[index % masks.length]) : frame
      })
      return { outputs: [{ kind: 'image', frames, ...rehearsalOf(destination, source) }] }
    },
  }),
  defineNode({
    name: 'JoinImageWithAlpha',
    title: 'Join Image with Alpha',
    category: 'mask/compositing',
    module: 'comfy_extras.nodes_compositing',
    v3: true,
    required: { image: ['IMAGE', {}], alpha: ['MASK', {}] },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const { frames: masks } = linked('mask', inputs.alpha)
      const count = Math.min(image.frames.length, masks.length)
      const frames = image.frames.slice(0, count).map((frame, index) => {
        const mask = masks[index]
        return mask ? withAlpha(frame, mask) : frame
      })
      return { outputs: [withFrames(image, frames)] }
    },
  }),
  defineNode({
    name: 'SplitImageWithAlpha',
    title: 'Split Image with Alpha',
    category: 'mask/compositing',
    module: 'comfy_extras.nodes_compositing',
    v3: true,
    required: { image: ['IMAGE', {}] },
    output: ['IMAGE', 'MASK'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const masks = image.frames.map((frame) => invertMask(channelOf(frame, 3)))
      return { outputs: [withFrames(image, image.frames.map(toRgb)), { kind: 'mask', frames: masks }] }
    },
  }),
]
