import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageOf, node, reds } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('images are repeated, taken from a batch, and counted', async (t) => {
  const run = await runGraph(
    {
      a: node('EmptyImage', { width: 2, height: 3, batch_size: 1, color: 0x010000 }),
      b: node('EmptyImage', { width: 2, height: 3, batch_size: 1, color: 0x020000 }),
      both: node('ImageBatch', { image1: ['a', 0], image2: ['b', 0] }),
      four: node('RepeatImageBatch', { image: ['both', 0], amount: 2 }),
      middle: node('ImageFromBatch', { image: ['four', 0], batch_index: 1, length: 2 }),
      last: node('ImageFromBatch', { image: ['four', 0], batch_index: 90, length: 9 }),
      same: node('RebatchImages', { images: ['four', 0], batch_size: 1 }),
      size: node('GetImageSize', { image: ['four', 0] }),
    },
    await serverFolders(t),
  )
  const firsts = ['four', 'middle', 'last', 'same'].map((id) =>
    imageOf(run, id).frames.map((frame) => reds(frame)[0]?.[0]),
  )
  assert.deepEqual(firsts, [[1, 2, 1, 2], [2, 1], [2], [1, 2, 1, 2]])
  assert.deepEqual(run.results.get('size')?.outputs, [2, 3, 4])
})
