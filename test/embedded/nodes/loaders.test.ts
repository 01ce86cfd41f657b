import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('LoRAs go into the name of the model, unless their strength is 0', async (t) => {
  const lora = (strength_model: number) =>
    node('LoraLoaderModelOnly', { model: ['c', 0], lora_name: 'detail.safetensors', strength_model })
  const run = await runGraph(
    { c: node('CheckpointLoaderSimple', { ckpt_name: 'x' }), on: lora(0.5), off: lora(0) },
    await serverFolders(t),
  )
  const names = ['on', 'off'].map((id) => linked('model', run.results.get(id)?.outputs[0]).name)
  assert.deepEqual(names, ['x + detail.safetensors 0.5', 'x'])
})
