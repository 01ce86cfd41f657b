import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import type { Role } from '../../../src/workflow/roles/role-names.ts'
import { samplerRoles } from '../../../src/workflow/roles/sampler-roles.ts'
import { addresses, fixture, graph } from '../helpers.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'

/** What each sampler gives to a role. */
function given(workflow: Workflow, role: Role): string[] {
  return samplerRoles(new RoleGraph(workflow)).map(({ roles }) => addresses(roles.get(role)?.inputs ?? []))
}

test('a refiner has a model of its own, which is not the model of the workflow', () => {
  assert.deepEqual(given(fixture('refiner'), 'model'), ['4.ckpt_name', ''])
  assert.deepEqual(given(fixture('refiner'), 'seed'), ['10.noise_seed', ''])
  assert.deepEqual(given(fixture('refiner'), 'prompt'), ['6.text', '15.text'])
})

test('a sampler tells which others it goes on from', () => {
  const continues = (name: string) =>
    samplerRoles(new RoleGraph(fixture(name))).map((maker) => [...maker.continues])
  assert.deepEqual(continues('refiner'), [[], ['10']])
  assert.deepEqual(continues('flux'), [[]])
})

/** A custom sampler whose only port takes what one encoder gives. */
function basic(encoder: JsonObject, guider: JsonObject = {}): Workflow {
  return graph({
    1: ['SamplerCustomAdvanced', { guider: ['2', 0], sigmas: ['3', 0], latent_image: ['5', 0] }],
    2: ['BasicGuider', { conditioning: ['4', 0], ...guider }],
    3: ['ManualSigmas', { sigmas: '1, 0' }],
    4: ['Encode', { clip: ['6', 0], ...encoder }],
    5: ['EmptyLatentImage', { width: 64, height: 64 }],
    9: ['SaveImage', { images: ['1', 0] }],
  })
}

test('guidance stands for cfg only where a sampler has none', () => {
  assert.deepEqual(given(basic({ text: 'a', guidance: 3.5 }), 'cfg'), ['4.guidance'])
  assert.deepEqual(given(basic({ text: 'a', guidance: 3.5 }, { cfg: 2 }), 'cfg'), ['2.cfg'])
})

test('an encoder for both sides has the negative text also where the sampler has no port for it', () => {
  assert.deepEqual(given(basic({ prompt: 'a', negative_prompt: 'b' }), 'negative'), ['4.negative_prompt'])
  assert.deepEqual(given(basic({ prompt: 'a' }), 'negative'), [''])
})

test('a workflow without a sampler has no roles of one', () => {
  assert.deepEqual(samplerRoles(new RoleGraph(fixture('upscale-only'))), [])
})

test('what is left out is told, and why', () => {
  const [, refiner] = samplerRoles(new RoleGraph(fixture('refiner')))
  assert.deepEqual(refiner?.roles.get('seed')?.notes, [
    '11.noise_seed is left out: its sampler adds no noise',
  ])
  assert.deepEqual(refiner.roles.get('model')?.notes, [
    '12.ckpt_name is left out: a refiner has a model of its own',
  ])
})

test('packs that name things in ways of their own', () => {
  const efficient = graph({
    1: [
      'Efficient Loader',
      { ckpt_name: 'a', positive: 'a fox', negative: 'b', empty_latent_width: 512, batch_size: 1 },
    ],
    2: [
      'KSampler (Efficient)',
      { seed: 1, steps: 4, positive: ['1', 1], negative: ['1', 2], latent_image: ['1', 3], model: ['1', 0] },
    ],
    9: ['SaveImage', { filename_prefix: 'x', images: ['2', 5] }],
  })
  assert.deepEqual(
    (['prompt', 'negative', 'width', 'model'] as const).flatMap((role) => given(efficient, role)),
    ['1.positive', '1.negative', '1.empty_latent_width', '1.ckpt_name'],
  )
  const wrapped = graph({
    1: ['WanVideoModelLoader', { model: 'wan.safetensors' }],
    2: ['WanVideoTextEncode', { positive_prompt: 'a', negative_prompt: 'b', t5: ['7', 0] }],
    3: ['WanVideoEmptyEmbeds', { width: 832, height: 480, num_frames: 81 }],
    4: [
      'WanVideoSampler',
      { steps: 20, seed: 1, model: ['1', 0], image_embeds: ['3', 0], text_embeds: ['2', 0] },
    ],
    9: ['SaveImage', { filename_prefix: 'x', images: ['4', 0] }],
  })
  assert.deepEqual(
    (['prompt', 'negative', 'width', 'frames', 'model'] as const).flatMap((role) => given(wrapped, role)),
    ['2.positive_prompt', '2.negative_prompt', '3.width', '3.num_frames', '1.model'],
  )
})
