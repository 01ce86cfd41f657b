import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

for (const [width, height, expected] of [
  [60, 44, '1184x880'],
  [44, 60, '880x1184'],
  [500, 500, '1024x1024'],
  [900, 100, '1568x672'],
] as const) {
  test(`FluxKontextImageScale takes ${width}x${height} to ${expected}`, async (t) => {
    const run = await runGraph(
      {
        a: node('EmptyImage', { width, height, batch_size: 1, color: 0 }),
        x: node('FluxKontextImageScale', { image: ['a', 0] }),
      },
      await serverFolders(t),
    )
    const [frame] = imageOf(run, 'x').frames
    assert.equal(`${frame?.width}x${frame?.height}`, expected)
  })
}

test('the prompt of an edit goes on to the sampler, with or without pictures', async (t) => {
  const run = await runGraph(
    {
      c: node('CLIPLoader', { clip_name: 'clip_l.safetensors', type: 'qwen_image' }),
      a: node('TextEncodeQwenImageEditPlus', { clip: ['c', 0], prompt: 'make it night' }),
      b: node('ReferenceLatent', { conditioning: ['a', 0] }),
    },
    await serverFolders(t),
  )
  assert.equal(linked('conditioning', run.results.get('b')?.outputs[0]).text, 'make it night')
})
