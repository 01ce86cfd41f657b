import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imageOf, node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('an upscale model enlarges by the factor in its name, and marks the picture', async (t) => {
  const run = await runGraph(
    {
      a: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 0 }),
      m: node('UpscaleModelLoader', { model_name: '2x_soft.pth' }),
      u: node('ImageUpscaleWithModel', { upscale_model: ['m', 0], image: ['a', 0] }),
    },
    await serverFolders(t),
  )
  const image = imageOf(run, 'u')
  assert.equal(image.frames[0]?.width, 128)
  assert.match(image.rehearsal ?? '', /no model ran/)
  assert.ok(image.frames[0]?.data.includes(200), 'the amber of the mark')
})
