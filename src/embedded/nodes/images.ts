import { defineNode, type TableEntry } from './define.ts'
import { checkMemory, cropFrame, mapBytes, plainFrame } from './frames.ts'
import { upscaleMethods } from './options.ts'
import { blendFrames } from './blend.ts'
import { blurFrame } from './blur.ts'
import { padForOutpaint } from './outpaint.ts'
import { scaleImage } from './scale.ts'
import { linked, numberOf, textOf, type Frame, type ImageValue } from './values.ts'

/** As an image, with other frames. */
function withFrames(image: ImageValue, frames: readonly Frame[]): ImageValue {
  return { ...image, frames }
}

/** Whether any of the images is a rehearsal. */
function rehearsalOf(...images: readonly ImageValue[]): Pick<ImageValue, 'rehearsal'> {
  const rehearsal = images.find((image) => image.rehearsal !== undefined)?.rehearsal
  return rehearsal === undefined ? {} : { rehearsal }
}

/** The size of an image, as its first frame has it. */
function sizeOf(image: ImageValue): { readonly width: number; readonly height: number } {
  const [{ width, height } = { width: 1, height: 1 }] = image.frames
  return { width, height }
}

/** Nodes that really work on pictures. */
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
    name: 'ImageScale',
    title: 'Upscale Image',
    category: 'image/upscaling',
    required: {
      image: ['IMAGE'],
      upscale_method: [upscaleMethods],
      width: ['INT', { default: 512, min: 0, max: 16384, step: 1 }],
      height: ['INT', { default: 512, min: 0, max: 16384, step: 1 }],
      crop: [['disabled', 'center']],
    },
    output: ['IMAGE'],
    essentials: 'Image Tools',
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const [width, height] = [numberOf(inputs.width), numberOf(inputs.height)]
      if (width === 0 && height === 0) return { outputs: [image] }
      const size = sizeOf(image)
      // A side of 0 keeps the proportions.
      const target = {
        width: width || Math.max(1, Math.round((size.width * height) / size.height)),
        height: height || Math.max(1, Math.round((size.height * width) / size.width)),
      }
      const method = textOf(inputs.upscale_method)
      return { outputs: [scaleImage(image, target, method, inputs.crop === 'center')] }
    },
  }),
  defineNode({
    name: 'ImageScaleBy',
    title: 'Upscale Image By',
    category: 'image/upscaling',
    required: {
      image: ['IMAGE'],
      upscale_method: [upscaleMethods],
      scale_by: ['FLOAT', { default: 1, min: 0.01, max: 8, step: 0.01 }],
    },
    output: ['IMAGE'],
    essentials: 'Image Tools',
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const scale = numberOf(inputs.scale_by)
      const { width, height } = sizeOf(image)
      const target = { width: Math.round(width * scale), height: Math.round(height * scale) }
      return { outputs: [scaleImage(image, target, textOf(inputs.upscale_method), false)] }
    },
  }),
  defineNode({
    name: 'ImageScaleToTotalPixels',
    title: 'Scale Image to Total Pixels',
    category: 'image/upscaling',
    module: 'comfy_extras.nodes_post_processing',
    v3: true,
    required: {
      image: ['IMAGE', {}],
      upscale_method: ['COMBO', { multiselect: false, options: upscaleMethods }],
      megapixels: ['FLOAT', { default: 1, min: 0.01, max: 16, step: 0.01 }],
      resolution_steps: ['INT', { advanced: true, default: 1, min: 1, max: 256 }],
    },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const { width, height } = sizeOf(image)
      const scale = Math.sqrt((numberOf(inputs.megapixels) * 1024 * 1024) / (width * height))
      const step = numberOf(inputs.resolution_steps ?? 1)
      const side = (pixels: number): number => Math.round((pixels * scale) / step) * step
      const target = { width: side(width), height: side(height) }
      return { outputs: [scaleImage(image, target, textOf(inputs.upscale_method), false)] }
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
    name: 'ImageBatch',
    title: 'Batch Images (DEPRECATED)',
    category: 'image/batch',
    required: { image1: ['IMAGE'], image2: ['IMAGE'] },
    output: ['IMAGE'],
    deprecated: true,
    run: ({ image1, image2 }) => {
      const [first, second] = [linked('image', image1), linked('image', image2)]
      const fitted = scaleImage(second, sizeOf(first), 'bilinear', true)
      const frames = [...first.frames, ...fitted.frames]
      return { outputs: [{ kind: 'image', frames, ...rehearsalOf(first, second) }] }
    },
  }),
  defineNode({
    name: 'RebatchImages',
    title: 'Rebatch Images',
    category: 'image/batch',
    module: 'comfy_extras.nodes_rebatch',
    v3: true,
    required: { images: ['IMAGE', {}], batch_size: ['INT', { default: 1, min: 1, max: 4096 }] },
    output: ['IMAGE'],
    outputIsList: true,
    inputIsList: true,
    // All in one batch: what comes after sees the same pictures.
    run: (inputs) => ({ outputs: [linked('image', inputs.images)] }),
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
