import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { join } from 'node:path'
import { imageOf, node, reds } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const rows = [
  [1, 2, 3],
  [4, 5, 6],
]

for (const [class_type, inputs, expected] of [
  [
    'ImageFlip',
    { flip_method: 'x-axis: vertically' },
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  ],
  [
    'ImageFlip',
    { flip_method: 'y-axis: horizontally' },
    [
      [3, 2, 1],
      [6, 5, 4],
    ],
  ],
  ['ImageRotate', { rotation: 'none' }, rows],
  [
    'ImageRotate',
    { rotation: '90 degrees' },
    [
      [4, 1],
      [5, 2],
      [6, 3],
    ],
  ],
  [
    'ImageRotate',
    { rotation: '180 degrees' },
    [
      [6, 5, 4],
      [3, 2, 1],
    ],
  ],
  [
    'ImageRotate',
    { rotation: '270 degrees' },
    [
      [3, 6],
      [2, 5],
      [1, 4],
    ],
  ],
] as ReadonlyArray<readonly [string, Record<string, string>, number[][]]>) {
  test(`${class_type} ${Object.values(inputs)[0]}`, async (t) => {
    const folders = await serverFolders(t)
    const data = Buffer.from(rows.flat().flatMap((value) => [value, 0, 0]))
    await sharp(data, { raw: { width: 3, height: 2, channels: 3 } })
      .png()
      .toFile(join(folders.input, 'a.png'))
    const graph = {
      a: node('LoadImage', { image: 'a.png' }),
      x: node(class_type, { image: ['a', 0], ...inputs }),
    }
    assert.deepEqual(imageOf(await runGraph(graph, folders), 'x').frames.map(reds), [expected])
  })
}
