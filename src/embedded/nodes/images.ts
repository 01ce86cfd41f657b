import { defineNode, type TableEntry } from './define.ts'
import { checkMemory, cropFrame, mapBytes, plainFrame } from './frames.ts'
import { blendFrames } from './blend.ts'
import { blurFrame } from './blur.ts'
import { padForOutpaint } from './outpaint.ts'
import { rehearsalOf, sizeOf, withFrames } from './image-values.ts'
import { scaleImage } from './scale.ts'
import { linked, numberOf, textOf } from './values.ts'

/** Nodes that make pictures of one colour, and change the colours or the edges of pictures. */
export const images: readonly TableEntry[] = [
  defineNode({
    name: 'EmptyImage',
    title: 'Empty Image',
    category: 'image',
    required: {
      width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      height: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
      color: ['INT', { default: 0, min: 0, max: 16777215, step: 1, display: 'color' }],
    },
    output: ['IMAGE'],
    run: (inputs) => {
      const [width, height, batch] = [
        numberOf(inputs.width),
        numberOf(inputs.height),
        numberOf(inputs.batch_size),
      ]
      checkMemory(width, height, batch)
      const color = numberOf(inputs.color)
      const frame = plainFrame(width, height, [(color >> 16) & 255, (color >> 8) & 255, color & 255])
      return { outputs: [{ kind: 'image', frames: Array.from({ length: batch }, () => frame) }] }
    },
  }),
  defineNode({
    name: 'ImageInvert',
    title: 'Invert Image Colors',
    category: 'image/color',
    required: { image: ['IMAGE'] },
    output: ['IMAGE'],
    essentials: 'Image Tools',
    run: (inputs) => {
      const image = linked('image', inputs.image)
      return {
        outputs: [
          withFrames(
            image,
            image.frames.map((frame) => mapBytes(frame, (value) => 255 - value)),
          ),
        ],
      }
    },
  }),
  defineNode({
    name: 'ImageBlend',
    title: 'Blend Images',
    category: 'image/filters',
    module: 'comfy_extras.nodes_post_processing',
    v3: true,
    required: {
      image1: ['IMAGE', {}],
      image2: ['IMAGE', {}],
      blend_factor: ['FLOAT', { default: 0.5, min: 0, max: 1, step: 0.01 }],
      blend_mode: [
        'COMBO',
        {
          multiselect: false,
          options: ['normal', 'multiply', 'screen', 'overlay', 'soft_light', 'difference'],
        },
      ],
    },
    output: ['IMAGE'],
    essentials: 'Image Tools',
    run: ({ image1, image2, blend_factor, blend_mode }) => {
      const [first, second] = [linked('image', image1), linked('image', image2)]
      const fitted = scaleImage(second, sizeOf(first), 'bicubic', true)
      const frames = first.frames.map((frame, index) => {
        const over = fitted.frames[index % fitted.frames.length] ?? frame
        return blendFrames(frame, over, textOf(blend_mode), numberOf(blend_factor))
      })
      return { outputs: [{ kind: 'image', frames, ...rehearsalOf(first, second) }] }
    },
  }),
  defineNode({
    name: 'ImageBlur',
    title: 'Blur Image',
    category: 'image/filters',
    module: 'comfy_extras.nodes_post_processing',
    v3: true,
    required: {
      image: ['IMAGE', {}],
      blur_radius: ['INT', { default: 1, min: 1, max: 31, step: 1 }],
      sigma: ['FLOAT', { default: 1, min: 0.1, max: 10, step: 0.1 }],
    },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const [radius, sigma] = [numberOf(inputs.blur_radius), numberOf(inputs.sigma)]
      return {
        outputs: [
          withFrames(
            image,
            image.frames.map((frame) => blurFrame(frame, radius, sigma)),
          ),
        ],
      }
    },
  }),
  defineNode({
    name: 'ImageCrop',
    title: 'Crop Image (DEPRECATED)',
    category: 'image/transform',
    module: 'comfy_extras.nodes_images',
    v3: true,
    required: {
      image: ['IMAGE', {}],
      width: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      height: ['INT', { default: 512, min: 1, max: 16384, step: 1 }],
      x: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
      y: ['INT', { default: 0, min: 0, max: 16384, step: 1 }],
    },
    output: ['IMAGE'],
    deprecated: true,
    essentials: 'Image Tools',
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const size = sizeOf(image)
      const left = Math.min(numberOf(inputs.x), size.width - 1)
      const top = Math.min(numberOf(inputs.y), size.height - 1)
      const width = Math.min(numberOf(inputs.width), size.width - left)
      const height = Math.min(numberOf(inputs.height), size.height - top)
      return {
        outputs: [
          withFrames(
            image,
            image.frames.map((frame) => cropFrame(frame, left, top, width, height)),
          ),
        ],
      }
    },
  }),
  defineNode({
    name: 'ImagePadForOutpaint',
    title: 'Pad Image for Outpainting',
    category: 'image/transform',
    required: {
      image: ['IMAGE'],
      left: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      top: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      right: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      bottom: ['INT', { default: 0, min: 0, max: 16384, step: 8 }],
      feathering: ['INT', { default: 40, min: 0, max: 16384, step: 1, advanced: true }],
    },
    output: ['IMAGE', 'MASK'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const margins = {
        left: numberOf(inputs.left),
        top: numberOf(inputs.top),
        right: numberOf(inputs.right),
        bottom: numberOf(inputs.bottom),
      }
      const { frames, mask } = padForOutpaint(image.frames, margins, numberOf(inputs.feathering))
      return { outputs: [withFrames(image, frames), { kind: 'mask', frames: [mask] }] }
    },
  }),
]
