import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { addsNoise, findSamplers, latentInput } from '../../../src/workflow/roles/samplers.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'
import { fixture, graph } from '../helpers.ts'

const found = (workflow: Workflow) => findSamplers(new RoleGraph(workflow))
const ids = (workflow: Workflow): string[] => found(workflow).map(({ node }) => node)

/** A graph of one node, 1, whose output is saved. */
function one(classType: string, inputs: JsonObject): Workflow {
  return graph({ 1: [classType, inputs], 2: ['SaveImage', { images: ['1', 0] }], 9: ['Any', {}] })
}

test('samplers are known by their inputs, not by their class', () => {
  const own = one('MySampler', { model: ['9', 0], positive: ['9', 0], latent: ['9', 0], steps: 4 })
  assert.deepEqual(ids(own), ['1'])
  assert.deepEqual(latentInput(new RoleGraph(own), '1'), { node: '1', input: 'latent' })
  assert.deepEqual(ids(one('Detailer', { image: ['9', 0], positive: ['9', 0], steps: 4, seed: 1 })), ['1'])
  assert.deepEqual(ids(one('Wrapper', { model: ['9', 0], text_embeds: ['9', 0], steps: 4 })), ['1'])
  assert.deepEqual(
    ids(one('PipeSampler', { basic_pipe: ['9', 0], steps: 4, seed: 1, sampler_name: 'euler' })),
    ['1'],
  )
  assert.deepEqual(ids(fixture('flux')), ['28'])
})

test('nodes that look a little like one are none', () => {
  const others: readonly JsonObject[] = [
    { model: ['9', 0], steps: 4, scheduler: 'simple' },
    { prompt: 'a fox', steps: 4, seed: 1 },
    { positive: ['9', 0], negative: ['9', 0], strength: 1 },
  ]
  for (const inputs of others) assert.deepEqual(ids(one('Other', inputs)), [])
  assert.deepEqual(ids(fixture('upscale-only')), [])
})

test('a sampler that only takes part in a loop of others is none of the outputs', () => {
  const loop = { positive: ['9', 0], steps: 4, latent_image: ['1', 0] }
  assert.deepEqual(ids(graph({ 1: ['KSampler', loop], 2: ['SaveImage', {}] })), [])
})

test('a sampler that adds no noise has no use for its seed', () => {
  const noisy = (inputs: JsonObject): boolean => {
    const workflow = graph({
      1: ['KSamplerAdvanced', { positive: ['9', 0], steps: 4, sigmas: ['9', 0], ...inputs }],
      2: ['SaveImage', { images: ['1', 0] }],
      3: ['DisableNoise', {}],
      4: ['PrimitiveBoolean', { value: false }],
      9: ['Any', {}],
    })
    return found(workflow).some((sampler) => addsNoise(new RoleGraph(workflow), sampler))
  }
  const adding: readonly JsonObject[] = [
    {},
    { add_noise: 'enable' },
    { add_noise: true },
    { noise: ['9', 0] },
  ]
  for (const inputs of adding) assert.ok(noisy(inputs))
  const off: readonly JsonObject[] = [
    { add_noise: 'disable' },
    { add_noise: false },
    { add_noise: ['4', 0] },
    { noise: ['3', 0] },
  ]
  for (const inputs of off) assert.ok(!noisy(inputs))
})

test('the settings of a custom sampler: its noise, guider, sampler, and where its sigmas begin', () => {
  const [sampler] = found(fixture('flux'))
  assert.deepEqual(sampler?.parts, ['23', '22', '24', '25'])
  assert.ok(sampler.sigmas.includes('25') && sampler.sigmas.length > 1)
  assert.deepEqual(found(fixture('ksampler'))[0]?.parts, [])
})
