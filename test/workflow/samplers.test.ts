import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/protocol/json.ts'
import {
  addsNoise,
  findSamplers,
  firstSamplers,
  latentInput,
  settingNodes,
} from '../../src/workflow/samplers.ts'
import { fixture, graph } from './helpers.ts'

test('samplers are known by their inputs, not by their class', () => {
  const own = { model: ['9', 0], positive: ['9', 0], latent: ['9', 0], steps: 4 }
  const workflow = graph({ 1: ['MySampler', own], 2: ['SaveImage', { images: ['1', 0] }] })
  assert.deepEqual(findSamplers(workflow), ['1'])
  assert.deepEqual(latentInput(workflow, '1'), { node: '1', input: 'latent' })
  assert.deepEqual(findSamplers(fixture('flux')), ['28'])
  assert.deepEqual(findSamplers(fixture('upscale-only')), [])
})

test('a sampler that only takes part in a loop of others is none of the outputs', () => {
  const loop = { positive: ['9', 0], steps: 4, latent_image: ['1', 0] }
  assert.deepEqual(findSamplers(graph({ 1: ['KSampler', loop], 2: ['SaveImage', {}] })), [])
})

test('the first of several samplers starts from no other', () => {
  for (const [name, samplers, first] of [
    ['hires', ['3', '21'], ['3']],
    ['refiner', ['10', '11'], ['10']],
  ] as const) {
    assert.deepEqual(findSamplers(fixture(name)), samplers)
    assert.deepEqual(firstSamplers(fixture(name), samplers), first)
  }
})

test('a sampler that adds no noise has no use for its seed', () => {
  const noisy = (inputs: JsonObject): boolean => addsNoise({ classType: 'KSamplerAdvanced', inputs })
  assert.deepEqual(
    [noisy({}), noisy({ add_noise: 'enable' }), noisy({ add_noise: 'disable' }), noisy({ add_noise: false })],
    [true, true, false, false],
  )
})

test('the settings of a custom sampler: its noise, guider, sampler, and where its sigmas begin', () => {
  assert.deepEqual(settingNodes(fixture('flux'), '28'), ['23', '22', '24', '25'])
  assert.deepEqual(settingNodes(fixture('ksampler'), '3'), [])
})
