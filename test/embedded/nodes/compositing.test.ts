import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { imageOf, node, reds } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const parts = {
  dark: node('EmptyImage', { width: 4, height: 2, batch_size: 1, color: 0x000000 }),
  light: node('EmptyImage', { width: 2, height: 1, batch_size: 1, color: 0xc80000 }),
  half: node('SolidMask', { value: 0.5, width: 1, height: 1 }),
}

function composite(inputs: Parameters<typeof node>[1]) {
  return node('ImageCompositeMasked', {
    destination: ['dark', 0],
    source: ['light', 0],
    x: 0,
    y: 0,
    resize_source: false,
    ...inputs,
  })
}

test('a picture is laid over another at a place, cut off at the edge, through a mask', async (t) => {
  const run = await runGraph(
    {
      ...parts,
      place: composite({ x: 1, y: 1 }),
      edge: composite({ x: 3 }),
      beyond: composite({ x: 90, y: 90 }),
      masked: composite({ mask: ['half', 0] }),
      resized: composite({ resize_source: true }),
    },
    await serverFolders(t),
  )
  const rows = ['place', 'edge', 'beyond', 'masked', 'resized'].map(
    (id) => imageOf(run, id).frames.map(reds)[0],
  )
  assert.deepEqual(rows, [
    [
      [0, 0, 0, 0],
      [0, 200, 200, 0],
    ],
    [
      [0, 0, 0, 200],
      [0, 0, 0, 0],
    ],
    [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
    [
      [99, 99, 0, 0],
      [0, 0, 0, 0],
    ],
    [
      [200, 200, 200, 200],
      [200, 200, 200, 200],
    ],
  ])
})

test('transparency goes in and out as a mask', async (t) => {
  const run = await runGraph(
    {
      ...parts,
      joined: node('JoinImageWithAlpha', { image: ['light', 0], alpha: ['half', 0] }),
      split: node('SplitImageWithAlpha', { image: ['joined', 0] }),
      plain: node('SplitImageWithAlpha', { image: ['light', 0] }),
    },
    await serverFolders(t),
  )
  assert.deepEqual([...(imageOf(run, 'joined').frames[0]?.data ?? [])], [200, 0, 0, 128, 200, 0, 0, 128])
  assert.equal(imageOf(run, 'split').frames[0]?.channels, 3)
  const masks = ['split', 'plain'].map(
    (id) => linked('mask', run.results.get(id)?.outputs[1]).frames[0]?.data[0],
  )
  assert.deepEqual(masks, [127, 0])
})
