import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiGraph } from '../../../src/protocol/graph.ts'
import { guessSeconds } from '../../../src/run/pool/guess.ts'
import { parseWorkflow } from '../../../src/workflow/parse.ts'

const guess = (graph: ApiGraph) => guessSeconds({ workflow: parseWorkflow(JSON.stringify(graph), 'x') })

test('what only changes images is quick', () => {
  const seconds = guess({
    '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
    '2': { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
    '3': { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'a' } },
  })
  assert.ok(seconds !== undefined && seconds < 0.05)
})

test('of what samples nobody knows', () => {
  const sampler = { seed: 1, steps: 4, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 }
  const graph: ApiGraph = {
    '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
    '2': { class_type: 'CLIPTextEncode', inputs: { text: 'a fox', clip: ['1', 1] } },
    '3': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    '4': {
      class_type: 'KSampler',
      inputs: {
        ...sampler,
        model: ['1', 0],
        positive: ['2', 0],
        negative: ['2', 0],
        latent_image: ['3', 0],
      },
    },
    '5': { class_type: 'VAEDecode', inputs: { samples: ['4', 0], vae: ['1', 2] } },
    '6': { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: 'a' } },
  }
  assert.equal(guess(graph), undefined)
})
