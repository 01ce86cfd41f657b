import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../../src/protocol/json.ts'
import { checkGraph } from '../../../src/workflow/check/check-graph.ts'
import { modelSources } from '../../../src/workflow/check/model-sources.ts'
import type { WorkflowNode } from '../../../src/workflow/workflow.ts'
import { objectInfo } from './helpers.ts'

function loader(models: JsonValue): WorkflowNode {
  return {
    classType: 'CheckpointLoaderSimple',
    inputs: { ckpt_name: 'x.safetensors' },
    meta: { 'comfy-run': { models } },
  }
}
const source = { name: 'x.safetensors', folder: 'checkpoints', url: 'https://models.example/x.safetensors' }

test('models are read from _meta; what is no entry is passed over', () => {
  assert.deepEqual(modelSources(loader([source, { name: 'y' }, 7, { name: 'z', folder: 'vae' }])), [
    source,
    { name: 'z', folder: 'vae' },
  ])
  assert.deepEqual(modelSources(loader('none')), [])
  assert.deepEqual(modelSources({ classType: 'A', inputs: {} }), [])
})

test('of a model that is missing, its node says where to get it', () => {
  const workflow = { source: 'a.json', nodes: new Map([['1', loader([source])]]) }
  const [finding] = checkGraph(workflow, objectInfo())
  assert.equal(
    finding?.hint,
    `download ${source.url} into models/checkpoints of the server; or choose one that it has with --model`,
  )
})
