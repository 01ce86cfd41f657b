import { NodeError } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { checkMemory, cropFrame } from './frames.ts'
import { growMask } from './mask-frames.ts'
import { rehearsalNote, rehearsalPicture } from './rehearsal.ts'
import {
  linked,
  numberOf,
  type Frame,
  type ImageValue,
  type LatentItem,
  type LatentValue,
  type MaskFrame,
  type VaeValue,
} from './values.ts'

/** A size that a latent can have: the next lower multiple of 8. */
function latentSize(pixels: number): number {
  return Math.max(8, Math.floor(pixels / 8) * 8)
}

function emptyLatent(inputs: Readonly<Record<string, unknown>>, channels: number): LatentValue {
  const [width, height] = [latentSize(numberOf(inputs.width)), latentSize(numberOf(inputs.height))]
  const batch = numberOf(inputs.batch_size)
  checkMemory(width / 8, height / 8, batch)
  const items = Array.from({ length: batch }, (_, batchIndex) => ({ batchIndex, samplings: [] }))
  return { kind: 'latent', width, height, channels, items }
}

async function decode(latent: LatentValue, vae: VaeValue): Promise<ImageValue> {
  if (latent.channels !== vae.latentChannels) {
    const [batch, height, width] = [latent.items.length, latent.height / 8, latent.width / 8]
    const wanted = vae.latentChannels
    const message = `Given groups=1, weight of size [${wanted}, ${wanted}, 1, 1], expected input[${batch}, ${latent.channels}, ${height}, ${width}] to have ${wanted} channels, but got ${latent.channels} channels instead`
    throw new NodeError('RuntimeError', message)
  }
  checkMemory(latent.width, latent.height, latent.items.length)
  const frames: Frame[] = []
  for (const item of latent.items) frames.push(await rehearsalPicture(latent, item))
  return { kind: 'image', frames, rehearsal: rehearsalNote(latent.items[0]) }
}

/** Cuts the margins off that do not fill eight pixels, the same on both sides. */
function encode(pixels: ImageValue, vae: VaeValue, mask?: readonly MaskFrame[]): LatentValue {
  const [first] = pixels.frames
  const [width, height] = [latentSize(first?.width ?? 8), latentSize(first?.height ?? 8)]
  const items = pixels.frames.map((frame, batchIndex): LatentItem => {
    const [left, top] = [Math.floor((frame.width - width) / 2), Math.floor((frame.height - height) / 2)]
    const fits = left >= 0 && top >= 0
    const source = fits ? cropFrame(frame, left, top, width, height) : frame
    const over = mask?.[batchIndex % mask.length]
    return { batchIndex, source, samplings: [], ...(over && { mask: over }) }
  })
  return { kind: 'latent', width, height, channels: vae.latentChannels, items }
}

function resized(latent: LatentValue, width: number, height: number): LatentValue {
  return { ...latent, width: latentSize(width), height: latentSize(height) }
}

/** Where latents come from, what becomes of them, and what changes their size or number. */
export const latents: readonly TableEntry[] = [
  defineNode({
    name: 'EmptyLatentImage',
    title: 'Empty Latent Image',
    category: 'model/latent',
    required: {
      width: ['INT', { default: 512, min: 16, max: 16384, step: 8 }],
      height: ['INT', { default: 512, min: 16, max: 16384, step: 8 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    },
    output: ['LATENT'],
    run: (inputs) => ({ outputs: [emptyLatent(inputs, 4)] }),
  }),
  defineNode({
    name: 'EmptySD3LatentImage',
    title: null,
    category: 'model/latent/stable diffusion',
    module: 'comfy_extras.nodes_sd3',
    v3: true,
    required: {
      width: ['INT', { default: 1024, min: 16, max: 16384, step: 16 }],
      height: ['INT', { default: 1024, min: 16, max: 16384, step: 16 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    },
    output: ['LATENT'],
    run: (inputs) => ({ outputs: [emptyLatent(inputs, 16)] }),
  }),
  defineNode({
    name: 'VAEDecode',
    title: 'VAE Decode',
    category: 'model/latent',
    required: { samples: ['LATENT', {}], vae: ['VAE', {}] },
    output: ['IMAGE'],
    run: async ({ samples, vae }) => ({
      outputs: [await decode(linked('latent', samples), linked('vae', vae))],
    }),
  }),
  defineNode({
    name: 'VAEEncode',
    title: 'VAE Encode',
    category: 'model/latent',
    required: { pixels: ['IMAGE'], vae: ['VAE'] },
    output: ['LATENT'],
    run: ({ pixels, vae }) => ({ outputs: [encode(linked('image', pixels), linked('vae', vae))] }),
  }),
  defineNode({
    name: 'VAEEncodeForInpaint',
    title: 'VAE Encode (for Inpainting)',
    category: 'model/latent',
    required: {
      pixels: ['IMAGE'],
      vae: ['VAE'],
      mask: ['MASK'],
      grow_mask_by: ['INT', { default: 6, min: 0, max: 64, step: 1 }],
    },
    output: ['LATENT'],
    run: ({ pixels, vae, mask, grow_mask_by }) => {
      const masks = linked('mask', mask).frames.map((frame) => growMask(frame, numberOf(grow_mask_by)))
      return { outputs: [encode(linked('image', pixels), linked('vae', vae), masks)] }
    },
  }),
  defineNode({
    name: 'LatentUpscale',
    title: 'Upscale Latent',
    category: 'model/latent',
    required: {
      samples: ['LATENT'],
      upscale_method: [['nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp']],
      width: ['INT', { default: 512, min: 0, max: 16384, step: 8 }],
      height: ['INT', { default: 512, min: 0, max: 16384, step: 8 }],
      crop: [['disabled', 'center']],
    },
    output: ['LATENT'],
    run: (inputs) => {
      const latent = linked('latent', inputs.samples)
      const [width, height] = [numberOf(inputs.width), numberOf(inputs.height)]
      if (width === 0 && height === 0) return { outputs: [latent] }
      // A side of 0 keeps the proportions.
      return {
        outputs: [
          resized(
            latent,
            width || (latent.width * height) / latent.height,
            height || (latent.height * width) / latent.width,
          ),
        ],
      }
    },
  }),
  defineNode({
    name: 'LatentUpscaleBy',
    title: 'Upscale Latent By',
    category: 'model/latent',
    required: {
      samples: ['LATENT'],
      upscale_method: [['nearest-exact', 'bilinear', 'area', 'bicubic', 'bislerp']],
      scale_by: ['FLOAT', { default: 1.5, min: 0.01, max: 8, step: 0.01 }],
    },
    output: ['LATENT'],
    run: ({ samples, scale_by }) => {
      const latent = linked('latent', samples)
      const scale = numberOf(scale_by)
      const side = (pixels: number): number => Math.round((pixels / 8) * scale) * 8
      return { outputs: [resized(latent, side(latent.width), side(latent.height))] }
    },
  }),
  defineNode({
    name: 'RepeatLatentBatch',
    title: 'Repeat Latent Batch',
    category: 'model/latent/batch',
    required: { samples: ['LATENT'], amount: ['INT', { default: 1, min: 1, max: 64 }] },
    output: ['LATENT'],
    run: ({ samples, amount }) => {
      const latent = linked('latent', samples)
      const repeated = Array.from({ length: numberOf(amount) }, () => latent.items).flat()
      return {
        outputs: [{ ...latent, items: repeated.map((item, batchIndex) => ({ ...item, batchIndex })) }],
      }
    },
  }),
  defineNode({
    name: 'LatentFromBatch',
    title: 'Get Latent From Batch',
    category: 'model/latent/batch',
    required: {
      samples: ['LATENT'],
      batch_index: ['INT', { default: 0, min: -16384, max: 16384 }],
      length: ['INT', { default: 1, min: 1, max: 64 }],
    },
    output: ['LATENT'],
    run: ({ samples, batch_index, length }) => {
      const latent = linked('latent', samples)
      const count = latent.items.length
      const wanted = numberOf(batch_index)
      const start = Math.max(0, Math.min(count - 1, wanted < 0 ? count + wanted : wanted))
      return { outputs: [{ ...latent, items: latent.items.slice(start, start + numberOf(length)) }] }
    },
  }),
  defineNode({
    name: 'RebatchLatents',
    title: 'Rebatch Latents',
    category: 'model/latent/batch',
    module: 'comfy_extras.nodes_rebatch',
    v3: true,
    required: { latents: ['LATENT', {}], batch_size: ['INT', { default: 1, min: 1, max: 4096 }] },
    output: ['LATENT'],
    outputIsList: true,
    inputIsList: true,
    // All in one batch: what comes after sees the same pictures.
    run: ({ latents }) => ({ outputs: [linked('latent', latents)] }),
  }),
]
