import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { traceModel } from '../../../src/workflow/roles/trace-model.ts'
import { addresses, graph } from '../helpers.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>

function model(nodes: Nodes): string {
  return addresses(traceModel(new RoleGraph(graph(nodes)), '1').files.inputs)
}

const base: readonly [string, JsonObject] = ['CheckpointLoaderSimple', { ckpt_name: 'base' }]

test('the file is found behind LoRA and sampling nodes, and the nodes on the way are told', () => {
  const nodes: Nodes = {
    1: ['KSampler', { model: ['2', 0] }],
    2: ['ModelSamplingSD3', { shift: 3, model: ['3', 0] }],
    3: ['LoraLoader', { lora_name: 'ink', model_name: 'no', model: ['4', 0], clip: ['4', 1] }],
    4: ['UNETLoader', { unet_name: 'flux', weight_dtype: 'default' }],
  }
  assert.equal(model(nodes), '4.unet_name')
  assert.deepEqual(traceModel(new RoleGraph(graph(nodes)), '1').path, ['2', '3', '4'])
})

test('a custom sampler has its model behind the guider', () => {
  const guider: readonly [string, JsonObject] = ['BasicGuider', { model: ['3', 0], conditioning: ['9', 0] }]
  assert.equal(
    model({ 1: ['SamplerCustomAdvanced', { guider: ['2', 0] }], 2: guider, 3: base }),
    '3.ckpt_name',
  )
})

test('of merged models all files are found', () => {
  const merge: readonly [string, JsonObject] = [
    'ModelMergeSimple',
    { ratio: 0.5, model1: ['3', 0], model2: ['4', 0] },
  ]
  assert.equal(
    model({ 1: ['KSampler', { model: ['2', 0] }], 2: merge, 3: base, 4: base }),
    '3.ckpt_name 4.ckpt_name',
  )
})

test('what patches the model is not the model: a control model, an unconditional one', () => {
  const patched: Nodes = {
    1: ['KSampler', { model: ['2', 0] }],
    2: ['ApplyControl', { model: ['3', 0], model_patch: ['4', 0], model_negative: ['5', 0] }],
    3: base,
    4: ['ModelPatchLoader', { name: 'control' }],
    5: base,
  }
  assert.equal(model(patched), '3.ckpt_name')
})

test('a name that comes from a primitive is set there', () => {
  const named: readonly [string, JsonObject] = ['CheckpointLoaderSimple', { ckpt_name: ['3', 0] }]
  assert.equal(
    model({ 1: ['KSampler', { model: ['2', 0] }], 2: named, 3: ['PrimitiveString', { value: 'base' }] }),
    '3.value',
  )
})

test('a model that no loader names is not found', () => {
  assert.equal(model({ 1: ['KSampler', { model: ['2', 0] }], 2: ['TrainModel', { steps: 4 }] }), '')
  assert.equal(model({ 1: ['KSampler', { model: ['1', 0] }] }), '')
})
