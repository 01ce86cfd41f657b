import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('conditioning: texts are joined, repeats once, zeroed out to nothing', async (t) => {
  const encode = (text: string) => node('CLIPTextEncode', { text, clip: ['c', 1] })
  const run = await runGraph(
    {
      c: node('CheckpointLoaderSimple', { ckpt_name: 'x' }),
      a: encode('a cat'),
      b: encode('a dog'),
      both: node('ConditioningCombine', { conditioning_1: ['a', 0], conditioning_2: ['b', 0] }),
      zero: node('ConditioningZeroOut', { conditioning: ['a', 0] }),
      flux: node('CLIPTextEncodeFlux', { clip: ['c', 1], clip_l: 'same', t5xxl: 'same', guidance: 3.5 }),
    },
    await serverFolders(t),
  )
  const texts = ['both', 'zero', 'flux'].map(
    (id) => linked('conditioning', run.results.get(id)?.outputs[0]).text,
  )
  assert.deepEqual(texts, ['a cat a dog', '', 'same'])
})
