import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { withWebpText } from '../../protocol/webp-text.ts'
import type { NodeContext, NodeResult } from '../node.ts'
import { animatedPng } from './animated-png.ts'
import { defineNode, type TableEntry } from './define.ts'
import { metadataOf } from './metadata.ts'
import { numberedName, outputPlace } from './output-place.ts'
import { linked, numberOf, textOf, type Frame, type ImageValue } from './values.ts'

async function save(
  image: ImageValue,
  prefix: unknown,
  end: `_.${string}`,
  bytes: Buffer,
  context: NodeContext,
): Promise<NodeResult> {
  const [{ width, height } = { width: 0, height: 0 }] = image.frames
  const { folders } = context
  const place = await outputPlace(textOf(prefix), folders.output, { width, height })
  const filename = numberedName(place.name, place.counter, end)
  await writeFile(join(place.folder, filename), bytes)
  const images = [{ filename, subfolder: place.subfolder, type: 'output' }]
  return { outputs: [image], ui: { images, animated: [image.frames.length !== 1] } }
}

/** libwebp's effort, 0 to 6, for each choice of the node. */
const efforts: Readonly<Record<string, number>> = { default: 4, fastest: 0, slowest: 6 }

interface WebpOptions {
  readonly milliseconds: number
  readonly lossless: boolean
  readonly quality: number
  readonly effort: number
}

async function animatedWebp(frames: readonly Frame[], options: WebpOptions): Promise<Buffer> {
  const [{ width, height, channels } = { width: 1, height: 1, channels: 3 as const }] = frames
  const raw = { width, height: height * frames.length, channels, pageHeight: height }
  return sharp(Buffer.concat(frames.map(({ data }) => data)), { raw, limitInputPixels: false })
    .webp({
      loop: 0,
      delay: frames.map(() => options.milliseconds),
      lossless: options.lossless,
      quality: Math.max(1, options.quality),
      effort: options.effort,
    })
    .toBuffer()
}

/** Nodes that save a batch as one moving picture. */
export const animationSavers: readonly TableEntry[] = [
  defineNode({
    name: 'SaveAnimatedWEBP',
    title: 'Save Animated WEBP',
    category: 'image',
    module: 'comfy_extras.nodes_images',
    v3: true,
    required: {
      images: ['IMAGE', {}],
      filename_prefix: ['STRING', { default: 'ComfyUI', multiline: false }],
      fps: ['FLOAT', { default: 6, min: 0.01, max: 1000, step: 0.01 }],
      lossless: ['BOOLEAN', { default: true }],
      quality: ['INT', { default: 80, min: 0, max: 100 }],
      method: ['COMBO', { multiselect: false, options: ['default', 'fastest', 'slowest'] }],
    },
    takesMetadata: true,
    output: ['IMAGE'],
    outputNames: ['images'],
    outputNode: true,
    run: async (inputs, context) => {
      const image = linked('image', inputs.images)
      const webp = await animatedWebp(image.frames, {
        milliseconds: Math.trunc(1000 / numberOf(inputs.fps)),
        lossless: inputs.lossless === true,
        quality: numberOf(inputs.quality),
        effort: efforts[textOf(inputs.method)] ?? 4,
      })
      const bytes = withWebpText(webp, metadataOf(context, image))
      return save(image, inputs.filename_prefix, '_.webp', bytes, context)
    },
  }),
  defineNode({
    name: 'SaveAnimatedPNG',
    title: 'Save Animated PNG',
    category: 'image',
    module: 'comfy_extras.nodes_images',
    v3: true,
    required: {
      images: ['IMAGE', {}],
      filename_prefix: ['STRING', { default: 'ComfyUI', multiline: false }],
      fps: ['FLOAT', { default: 6, min: 0.01, max: 1000, step: 0.01 }],
      compress_level: ['INT', { advanced: true, default: 4, min: 0, max: 9 }],
    },
    takesMetadata: true,
    output: ['IMAGE'],
    outputNames: ['images'],
    outputNode: true,
    run: async (inputs, context) => {
      const image = linked('image', inputs.images)
      const milliseconds = Math.trunc(1000 / numberOf(inputs.fps))
      const texts = metadataOf(context, image)
      const bytes = await animatedPng(image.frames, milliseconds, numberOf(inputs.compress_level), texts)
      return save(image, inputs.filename_prefix, '_.png', bytes, context)
    },
  }),
]
