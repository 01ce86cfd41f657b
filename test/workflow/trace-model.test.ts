import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/protocol/json.ts'
import { traceModel } from '../../src/workflow/trace-model.ts'
import { addresses, graph } from './helpers.ts'

function model(nodes: Readonly<Record<string, readonly [string, JsonObject]>>): string {
  return addresses(traceModel(graph(nodes), '1').inputs)
}

test('the file is found behind LoRA and sampling nodes', () => {
  const found = model({
    1: ['KSampler', { model: ['2', 0] }],
    2: ['ModelSamplingSD3', { shift: 3, model: ['3', 0] }],
    3: ['LoraLoader', { lora_name: 'ink', model_name: 'no', model: ['4', 0], clip: ['4', 1] }],
    4: ['UNETLoader', { unet_name: 'flux', weight_dtype: 'default' }],
  })
  assert.equal(found, '4.unet_name')
})

test('a custom sampler has its model behind the guider', () => {
  const found = model({
    1: ['SamplerCustomAdvanced', { guider: ['2', 0] }],
    2: ['BasicGuider', { model: ['3', 0], conditioning: ['9', 0] }],
    3: ['CheckpointLoaderSimple', { ckpt_name: 'base' }],
  })
  assert.equal(found, '3.ckpt_name')
})

test('of merged models all files are found', () => {
  const found = model({
    1: ['KSampler', { model: ['2', 0] }],
    2: ['ModelMergeSimple', { ratio: 0.5, model1: ['3', 0], model2: ['4', 0] }],
    3: ['CheckpointLoaderSimple', { ckpt_name: 'base' }],
    4: ['CheckpointLoaderSimple', { ckpt_name: 'other' }],
  })
  assert.equal(found, '3.ckpt_name 4.ckpt_name')
})

test('a name that comes from a primitive is set there', () => {
  const found = model({
    1: ['KSampler', { model: ['2', 0] }],
    2: ['CheckpointLoaderSimple', { ckpt_name: ['3', 0] }],
    3: ['PrimitiveString', { value: 'base' }],
  })
  assert.equal(found, '3.value')
})

test('a model that no loader names is not found', () => {
  assert.equal(model({ 1: ['KSampler', { model: ['2', 0] }], 2: ['TrainModel', { steps: 4 }] }), '')
  assert.equal(model({ 1: ['KSampler', { model: ['1', 0] }] }), '')
})
