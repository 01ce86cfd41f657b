import assert from 'node:assert/strict'
import { test } from 'node:test'
import { padForOutpaint } from '../../../src/embedded/nodes/outpaint.ts'
import { greyFrame, reds } from './helpers.ts'

test('padding is grey; the mask covers it and fades into the picture', () => {
  const picture = greyFrame(Array.from({ length: 6 }, () => Array.from({ length: 6 }, () => 9)))
  const { frames, mask } = padForOutpaint([picture], { left: 2, top: 0, right: 0, bottom: 0 }, 2)
  assert.deepEqual(frames.map(reds)[0]?.[0], [127, 127, 9, 9, 9, 9, 9, 9])
  assert.deepEqual([...mask.data.subarray(0, 8)], [255, 255, 255, 63, 0, 0, 0, 0])
})

test('a picture too small to fade has a hard edge', () => {
  const { mask } = padForOutpaint([greyFrame([[9, 9]])], { left: 1, top: 0, right: 0, bottom: 0 }, 40)
  assert.deepEqual([...mask.data], [255, 0, 0])
})
