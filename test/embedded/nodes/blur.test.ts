import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blurFrame } from '../../../src/embedded/nodes/blur.ts'
import { greyFrame, reds } from './helpers.ts'

test('a blur of radius 1 mirrors at the edges and keeps the sum inside', () => {
  const made = reds(
    blurFrame(
      greyFrame([
        [0, 0, 90, 0, 0],
        [0, 0, 90, 0, 0],
      ]),
      1,
      10,
    ),
  )
  assert.deepEqual(made[0], [0, 29, 30, 29, 0])
})
