import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeError } from '../../../src/embedded/node.ts'
import { linked } from '../../../src/embedded/nodes/values.ts'
import type { ApiGraph } from '../../../src/protocol/graph.ts'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const base = {
  ckpt: node('CheckpointLoaderSimple', { ckpt_name: 'sdXL_v10VAEFix.safetensors' }),
  pos: node('CLIPTextEncode', { text: 'a lighthouse', clip: ['ckpt', 1] }),
  neg: node('CLIPTextEncode', { text: 'blurry', clip: ['ckpt', 1] }),
  empty: node('EmptyLatentImage', { width: 70, height: 64, batch_size: 2 }),
}
const settings = { steps: 10, cfg: 7, sampler_name: 'euler', scheduler: 'normal' }
const links = {
  model: ['ckpt', 0],
  positive: ['pos', 0],
  negative: ['neg', 0],
  latent_image: ['empty', 0],
} as const

function latentOf(run: Awaited<ReturnType<typeof runGraph>>, id: string, slot = 0) {
  return linked('latent', run.results.get(id)?.outputs[slot])
}

test('KSampler notes all its settings, with an exact seed', async (t) => {
  const k = node('KSampler', { ...links, ...settings, denoise: 1 })
  const graph: ApiGraph = { ...base, k: { ...k, inputs: { ...k.inputs, seed: 18446744073709551615n } } }
  const run = await runGraph(graph, await serverFolders(t))
  const latent = latentOf(run, 'k')
  assert.deepEqual([latent.width, latent.height, latent.items.length], [64, 64, 2])
  assert.deepEqual(latent.items[1], {
    batchIndex: 1,
    samplings: [
      {
        model: 'sdXL_v10VAEFix.safetensors',
        prompt: 'a lighthouse',
        negative: 'blurry',
        seed: 18446744073709551615n,
        steps: 10,
        cfg: 7,
        sampler: 'euler',
        scheduler: 'normal',
        denoise: 1,
      },
    ],
  })
  assert.equal(run.progress.length, 10)
})

test('KSampler with denoise 0 has nothing to do', async (t) => {
  const run = await runGraph(
    { ...base, k: node('KSampler', { ...links, ...settings, seed: 1, denoise: 0 }) },
    await serverFolders(t),
  )
  assert.deepEqual(run.progress, [])
})

for (const [start, end, steps] of [
  [0, 10000, 10],
  [3, 7, 4],
  [8, 10000, 2],
  [7, 3, 0],
  [20, 30, 0],
] as const) {
  test(`KSamplerAdvanced from ${start} to ${end} goes ${steps} of 10 steps`, async (t) => {
    const inputs = {
      ...links,
      ...settings,
      noise_seed: 5,
      add_noise: 'enable',
      start_at_step: start,
      end_at_step: end,
    }
    const k = node('KSamplerAdvanced', { ...inputs, return_with_leftover_noise: 'disable' })
    const run = await runGraph({ ...base, k }, await serverFolders(t))
    assert.equal(run.progress.length, steps)
    assert.equal(run.progress.at(-1)?.[2], steps === 0 ? undefined : steps)
  })
}

test('the custom sampler puts its parts together', async (t) => {
  const graph = {
    ...base,
    guider: node('CFGGuider', { model: ['ckpt', 0], positive: ['pos', 0], negative: ['neg', 0], cfg: 3 }),
    noise: node('RandomNoise', { noise_seed: 9 }),
    sampler: node('KSamplerSelect', { sampler_name: 'heun' }),
    sigmas: node('BasicScheduler', { model: ['ckpt', 0], scheduler: 'karras', steps: 4, denoise: 0.5 }),
    k: node('SamplerCustomAdvanced', {
      noise: ['noise', 0],
      guider: ['guider', 0],
      sampler: ['sampler', 0],
      sigmas: ['sigmas', 0],
      latent_image: ['empty', 0],
    }),
  }
  const run = await runGraph(graph, await serverFolders(t))
  const [sampling] = latentOf(run, 'k', 1).items[0]?.samplings ?? []
  assert.deepEqual(
    [
      sampling?.prompt,
      sampling?.negative,
      sampling?.seed,
      sampling?.steps,
      sampling?.cfg,
      sampling?.sampler,
      sampling?.scheduler,
      sampling?.denoise,
    ],
    ['a lighthouse', 'blurry', 9n, 4, 3, 'heun', 'karras', 0.5],
  )
  assert.deepEqual(
    run.progress.map(([, step]) => step),
    [1, 2, 3, 4],
  )
})

test('a latent of another family decodes only after a sampler', async (t) => {
  const sd3 = { ...base, empty: node('EmptySD3LatentImage', { width: 64, height: 64, batch_size: 1 }) }
  const decode = (samples: string) => node('VAEDecode', { samples: [samples, 0], vae: ['ckpt', 2] })
  const folders = await serverFolders(t)
  const sampled = await runGraph(
    { ...sd3, k: node('KSampler', { ...links, ...settings, seed: 1, denoise: 1 }), d: decode('k') },
    folders,
  )
  assert.equal(imageOf(sampled, 'd').frames[0]?.width, 64)
  await assert.rejects(runGraph({ ...sd3, d: decode('empty') }, folders), (error) => {
    assert.ok(error instanceof NodeError)
    // The text of golden scenario 07c.
    assert.equal(
      error.message,
      'Given groups=1, weight of size [4, 4, 1, 1], expected input[1, 16, 8, 8] to have 4 channels, but got 16 channels instead',
    )
    return true
  })
})
