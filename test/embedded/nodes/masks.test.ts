import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('masks: a channel, turned round, as a picture, and shown', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph(
    {
      a: node('EmptyImage', { width: 2, height: 1, batch_size: 2, color: 0x640000 }),
      m: node('ImageToMask', { image: ['a', 0], channel: 'red' }),
      i: node('InvertMask', { mask: ['m', 0] }),
      p: node('MaskToImage', { mask: ['i', 0] }),
      v: node('MaskPreview', { mask: ['m', 0] }),
    },
    folders,
  )
  assert.deepEqual([...(imageOf(run, 'p').frames[1]?.data ?? [])], [155, 155, 155, 155, 155, 155])
  assert.deepEqual(run.results.get('v')?.ui?.animated, [false])
  await assert.rejects(
    runGraph(
      {
        a: node('EmptyImage', { width: 2, height: 1, batch_size: 1, color: 0 }),
        m: node('ImageToMask', { image: ['a', 0], channel: 'alpha' }),
      },
      folders,
    ),
    /index 3 is out of bounds for dimension 3 with size 3/,
  )
})
