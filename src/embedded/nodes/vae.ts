import { NodeError } from '../node.ts'
import { defineNode, type TableEntry } from './define.ts'
import { checkMemory, cropFrame } from './frames.ts'
import { latentSize } from './latent-size.ts'
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

async function decode(latent: LatentValue, vae: VaeValue): Promise<ImageValue> {
  // Only of an empty latent is it certain what it is; families are guessed from the names of files.
  const isEmpty = latent.items.every(({ source, samplings }) => !source && samplings.length === 0)
  if (isEmpty && latent.channels !== vae.latentChannels) {
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

/** From pictures to latents and back. */
export const codings: readonly TableEntry[] = [
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
    name: 'VAEDecodeTiled',
    title: 'VAE Decode (Tiled)',
    category: '_for_testing',
    required: {
      samples: ['LATENT'],
      vae: ['VAE'],
      tile_size: ['INT', { default: 512, min: 64, max: 4096, step: 32 }],
      overlap: ['INT', { default: 64, min: 0, max: 4096, step: 32 }],
      temporal_size: ['INT', { default: 64, min: 8, max: 4096, step: 4 }],
      temporal_overlap: ['INT', { default: 8, min: 4, max: 4096, step: 4 }],
    },
    output: ['IMAGE'],
    run: async ({ samples, vae }) => ({
      outputs: [await decode(linked('latent', samples), linked('vae', vae))],
    }),
  }),
  defineNode({
    name: 'VAEEncodeTiled',
    title: 'VAE Encode (Tiled)',
    category: '_for_testing',
    required: {
      pixels: ['IMAGE'],
      vae: ['VAE'],
      tile_size: ['INT', { default: 512, min: 64, max: 4096, step: 64 }],
      overlap: ['INT', { default: 64, min: 0, max: 4096, step: 32 }],
      temporal_size: ['INT', { default: 64, min: 8, max: 4096, step: 4 }],
      temporal_overlap: ['INT', { default: 8, min: 4, max: 4096, step: 4 }],
    },
    output: ['LATENT'],
    run: ({ pixels, vae }) => ({ outputs: [encode(linked('image', pixels), linked('vae', vae))] }),
  }),
  defineNode({
    name: 'InpaintModelConditioning',
    title: 'InpaintModelConditioning',
    category: 'conditioning/inpaint',
    required: {
      positive: ['CONDITIONING'],
      negative: ['CONDITIONING'],
      vae: ['VAE'],
      pixels: ['IMAGE'],
      mask: ['MASK'],
      noise_mask: ['BOOLEAN', { default: true }],
    },
    output: ['CONDITIONING', 'CONDITIONING', 'LATENT'],
    outputNames: ['positive', 'negative', 'latent'],
    run: (inputs) => {
      // Without a noise mask the model is told of the mask in another way; here both do the same.
      const { frames } = linked('mask', inputs.mask)
      const latent = encode(linked('image', inputs.pixels), linked('vae', inputs.vae), frames)
      const [positive, negative] = [inputs.positive, inputs.negative].map((value) =>
        linked('conditioning', value),
      )
      return { outputs: [positive, negative, latent] }
    },
  }),
]
