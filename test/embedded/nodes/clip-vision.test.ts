import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeError } from '../../../src/embedded/node.ts'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const graph = {
  image: node('EmptyImage', { width: 8, height: 8, batch_size: 1, color: 0 }),
  vision: node('CLIPVisionLoader', { clip_name: 'clip_vision_h.safetensors' }),
  seen: node('CLIPVisionEncode', { clip_vision: ['vision', 0], image: ['image', 0], crop: 'center' }),
  style: node('StyleModelLoader', { style_model_name: 'flux1-redux-dev.safetensors' }),
  clip: node('CLIPLoader', { clip_name: 'clip_l.safetensors', type: 'flux2' }),
  text: node('CLIPTextEncode', { clip: ['clip', 0], text: 'a harbour' }),
}

function styled(clip_vision_output: readonly [string, number]) {
  const inputs = { conditioning: ['text', 0], style_model: ['style', 0], clip_vision_output } as const
  return node('StyleModelApply', { ...inputs, strength: 1, strength_type: 'multiply' })
}

test('the text goes through a style model', async (t) => {
  const run = await runGraph({ ...graph, x: styled(['seen', 0]) }, await serverFolders(t))
  assert.equal(linked('conditioning', run.results.get('x')?.outputs[0]).text, 'a harbour')
})

test('a value of another kind is refused', async (t) => {
  await assert.rejects(runGraph({ ...graph, x: styled(['vision', 0]) }, await serverFolders(t)), NodeError)
})
