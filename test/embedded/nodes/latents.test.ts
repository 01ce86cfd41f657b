import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const ckpt = node('CheckpointLoaderSimple', { ckpt_name: 'sdXL_v10VAEFix.safetensors' })
const empty = node('EmptyLatentImage', { width: 64, height: 32, batch_size: 3 })

async function latents(t: Parameters<typeof serverFolders>[0], graph: Parameters<typeof runGraph>[0]) {
  const run = await runGraph({ ckpt, empty, ...graph }, await serverFolders(t))
  return Object.fromEntries(
    Object.keys(graph).flatMap((id) => {
      const value = run.results.get(id)?.outputs[0]
      return [[id, linked('latent', value)]]
    }),
  )
}

test('LatentUpscale by both sides, one side or none; LatentUpscaleBy by a factor', async (t) => {
  const to = (width: number, height: number) =>
    node('LatentUpscale', { samples: ['empty', 0], upscale_method: 'area', width, height, crop: 'disabled' })
  const made = await latents(t, {
    both: to(100, 48),
    one: to(0, 64),
    none: to(0, 0),
    by: node('LatentUpscaleBy', { samples: ['empty', 0], upscale_method: 'area', scale_by: 1.5 }),
  })
  const sizes = Object.entries(made).map(([id, { width, height }]) => `${id} ${width}x${height}`)
  assert.deepEqual(sizes, ['both 96x48', 'one 128x64', 'none 64x32', 'by 96x48'])
})

test('RepeatLatentBatch and LatentFromBatch', async (t) => {
  const from = (batch_index: number, length: number) =>
    node('LatentFromBatch', { samples: ['empty', 0], batch_index, length })
  const made = await latents(t, {
    repeated: node('RepeatLatentBatch', { samples: ['empty', 0], amount: 2 }),
    second: from(1, 1),
    last: from(-1, 5),
    beyond: from(50, 2),
  })
  const indexes = Object.values(made).map(({ items }) => items.map(({ batchIndex }) => batchIndex))
  assert.deepEqual(indexes, [[0, 1, 2, 3, 4, 5], [1], [2], [2]])
})

test('an image is cut to multiples of 8 around its middle, and comes back marked', async (t) => {
  const run = await runGraph(
    {
      ckpt,
      image: node('EmptyImage', { width: 135, height: 139, batch_size: 1, color: 0xffffff }),
      encoded: node('VAEEncode', { pixels: ['image', 0], vae: ['ckpt', 2] }),
      decoded: node('VAEDecode', { samples: ['encoded', 0], vae: ['ckpt', 2] }),
    },
    await serverFolders(t),
  )
  const image = imageOf(run, 'decoded')
  const [frame] = image.frames
  assert.deepEqual([frame?.width, frame?.height], [128, 136])
  // White above, a dark band with writing below.
  assert.deepEqual([frame?.data[0], frame?.data.at(-1)], [255, 71])
  assert.match(image.rehearsal ?? '', /no model ran/)
})

test('inpainting changes only what the grown mask covers', async (t) => {
  const run = await runGraph(
    {
      ckpt,
      image: node('EmptyImage', { width: 128, height: 128, batch_size: 1, color: 0xffffff }),
      dot: node('EmptyImage', { width: 32, height: 128, batch_size: 1, color: 0xff0000 }),
      rest: node('ImagePadForOutpaint', {
        image: ['dot', 0],
        left: 0,
        top: 0,
        right: 96,
        bottom: 0,
        feathering: 0,
      }),
      mask: node('InvertMask', { mask: ['rest', 1] }),
      encoded: node('VAEEncodeForInpaint', {
        pixels: ['image', 0],
        vae: ['ckpt', 2],
        mask: ['mask', 0],
        grow_mask_by: 9,
      }),
      text: node('CLIPTextEncode', { text: 'x', clip: ['ckpt', 1] }),
      k: node('KSampler', {
        model: ['ckpt', 0],
        positive: ['text', 0],
        negative: ['text', 0],
        latent_image: ['encoded', 0],
        seed: 1,
        steps: 1,
        cfg: 1,
        sampler_name: 'euler',
        scheduler: 'normal',
        denoise: 1,
      }),
      decoded: node('VAEDecode', { samples: ['k', 0], vae: ['ckpt', 2] }),
    },
    await serverFolders(t),
  )
  const row = imageOf(run, 'decoded').frames[0]?.data.subarray(0, 128 * 3) ?? Buffer.alloc(0)
  const changed = Array.from({ length: 128 }, (_, x) => row.subarray(x * 3, x * 3 + 3)).map((dot) =>
    dot.some((value) => value !== 255),
  )
  assert.deepEqual([changed[0], changed[35], changed[36], changed[127]], [true, true, false, false])
})
