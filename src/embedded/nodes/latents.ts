import { defineNode, type TableEntry } from './define.ts'
import { checkMemory } from './frames.ts'
import { latentSize } from './latent-size.ts'
import { linked, numberOf, type LatentItem, type LatentValue } from './values.ts'

function emptyLatent(inputs: Readonly<Record<string, unknown>>, channels: number): LatentValue {
  const [width, height] = [latentSize(numberOf(inputs.width)), latentSize(numberOf(inputs.height))]
  const batch = numberOf(inputs.batch_size)
  checkMemory(width / 8, height / 8, batch)
  const items = Array.from({ length: batch }, (_, batchIndex) => ({ batchIndex, samplings: [] }))
  return { kind: 'latent', width, height, channels, items }
}

/** A video latent has a step for each four frames and one for the first; here each frame is an item of its own. */
function frameCount({ length, batch_size }: Readonly<Record<string, unknown>>): number {
  return (4 * Math.floor((numberOf(length) - 1) / 4) + 1) * numberOf(batch_size)
}

function resized(latent: LatentValue, width: number, height: number): LatentValue {
  return { ...latent, width: latentSize(width), height: latentSize(height) }
}

/** Empty latents, and what changes the size or number of latents. */
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
    name: 'EmptyFlux2LatentImage',
    title: 'Empty Flux 2 Latent',
    category: 'latent',
    module: 'comfy_extras.nodes_flux',
    v3: true,
    required: {
      width: ['INT', { default: 1024, min: 16, max: 16384, step: 16 }],
      height: ['INT', { default: 1024, min: 16, max: 16384, step: 16 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    },
    output: ['LATENT'],
    run: (inputs) => ({ outputs: [emptyLatent(inputs, 128)] }),
  }),
  defineNode({
    name: 'EmptyHunyuanLatentVideo',
    title: 'Empty HunyuanVideo 1.0 Latent',
    category: 'model/latent/hunyuan video',
    module: 'comfy_extras.nodes_hunyuan',
    v3: true,
    required: {
      width: ['INT', { default: 848, min: 16, max: 16384, step: 16 }],
      height: ['INT', { default: 480, min: 16, max: 16384, step: 16 }],
      length: ['INT', { default: 25, min: 1, max: 16384, step: 4 }],
      batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
    },
    output: ['LATENT'],
    run: (inputs) => ({ outputs: [emptyLatent({ ...inputs, batch_size: frameCount(inputs) }, 16)] }),
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
  defineNode({
    name: 'LatentBatch',
    title: null,
    category: 'latent/batch',
    module: 'comfy_extras.nodes_latent',
    v3: true,
    required: { samples1: ['LATENT', {}], samples2: ['LATENT', {}] },
    output: ['LATENT'],
    run: ({ samples1, samples2 }) => {
      const [first, second] = [linked('latent', samples1), linked('latent', samples2)]
      const items = [...first.items, ...second.items].map((item, batchIndex) => ({ ...item, batchIndex }))
      return { outputs: [{ ...first, items }] }
    },
  }),
  defineNode({
    name: 'SetLatentNoiseMask',
    title: 'Set Latent Noise Mask',
    category: 'latent/inpaint',
    required: { samples: ['LATENT'], mask: ['MASK'] },
    output: ['LATENT'],
    run: ({ samples, mask }) => {
      const latent = linked('latent', samples)
      const { frames } = linked('mask', mask)
      const items = latent.items.map((item, index): LatentItem => {
        const over = frames[index % frames.length]
        return { ...item, ...(over && { mask: over }) }
      })
      return { outputs: [{ ...latent, items }] }
    },
  }),
]
