import { defineNode, type TableEntry } from './define.ts'
import { sizeOf } from './image-values.ts'
import { upscaleMethods } from './options.ts'
import { scaleImage } from './scale.ts'
import { linked, numberOf, textOf } from './values.ts'

/** Nodes that scale pictures. */
export const scalings: readonly TableEntry[] = [
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
    name: 'ImageScaleToMaxDimension',
    title: 'ImageScaleToMaxDimension',
    category: 'image/upscaling',
    module: 'comfy_extras.nodes_images',
    required: {
      image: ['IMAGE'],
      upscale_method: [['area', 'lanczos', 'bilinear', 'nearest-exact', 'bilinear', 'bicubic']],
      largest_size: ['INT', { default: 512, min: 0, max: 16384, step: 1 }],
    },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const { width, height } = sizeOf(image)
      const scale = numberOf(inputs.largest_size) / Math.max(width, height)
      const target = { width: Math.round(width * scale), height: Math.round(height * scale) }
      return { outputs: [scaleImage(image, target, textOf(inputs.upscale_method), false)] }
    },
  }),
]
