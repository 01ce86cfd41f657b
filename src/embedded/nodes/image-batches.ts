import { defineNode, type TableEntry } from './define.ts'
import { rehearsalOf, sizeOf, withFrames } from './image-values.ts'
import { scaleImage } from './scale.ts'
import { linked, numberOf } from './values.ts'

/** Nodes that put images into batches, take them out, and count them. */
export const imageBatches: readonly TableEntry[] = [
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
    name: 'ImageFromBatch',
    title: 'ImageFromBatch',
    category: 'image/batch',
    module: 'comfy_extras.nodes_images',
    required: {
      image: ['IMAGE'],
      batch_index: ['INT', { default: 0, min: 0, max: 4095 }],
      length: ['INT', { default: 1, min: 1, max: 4096 }],
    },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const start = Math.min(image.frames.length - 1, numberOf(inputs.batch_index))
      return { outputs: [withFrames(image, image.frames.slice(start, start + numberOf(inputs.length)))] }
    },
  }),
  defineNode({
    name: 'RepeatImageBatch',
    title: 'RepeatImageBatch',
    category: 'image/batch',
    module: 'comfy_extras.nodes_images',
    required: { image: ['IMAGE'], amount: ['INT', { default: 1, min: 1, max: 4096 }] },
    output: ['IMAGE'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const repeated = Array.from({ length: numberOf(inputs.amount) }, () => image.frames).flat()
      return { outputs: [withFrames(image, repeated)] }
    },
  }),
  defineNode({
    name: 'GetImageSize',
    title: 'Get Image Size',
    category: 'image',
    module: 'comfy_extras.nodes_images',
    required: { image: ['IMAGE'] },
    output: ['INT', 'INT', 'INT'],
    outputNames: ['width', 'height', 'batch_size'],
    run: (inputs) => {
      const image = linked('image', inputs.image)
      const { width, height } = sizeOf(image)
      return { outputs: [width, height, image.frames.length] }
    },
  }),
]
