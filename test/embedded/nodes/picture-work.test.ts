import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blendFrames } from '../../../src/embedded/nodes/blend.ts'
import { blurFrame } from '../../../src/embedded/nodes/blur.ts'
import { growMask } from '../../../src/embedded/nodes/mask-frames.ts'
import { padForOutpaint } from '../../../src/embedded/nodes/outpaint.ts'
import { greyFrame, reds } from './helpers.ts'

for (const [mode, factor, expected] of [
  ['normal', 0.25, 87],
  ['multiply', 1, 19],
  ['screen', 1, 130],
  ['overlay', 1, 39],
  ['soft_light', 1, 63],
  ['difference', 1, 50],
  ['normal', Number.NaN, 0],
] as const) {
  test(`blend 100 with 50 by ${mode}, factor ${factor}`, () => {
    const made = blendFrames(greyFrame([[100]]), greyFrame([[50]]), mode, factor)
    assert.deepEqual(reds(made), [[expected]])
  })
}

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

test('a mask grows to all sides, and not at all by 0', () => {
  const mask = { width: 5, height: 3, data: Buffer.from([0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]) }
  const rows = [0, 255, 255, 255, 0]
  assert.deepEqual([...growMask(mask, 3).data], [...rows, ...rows, ...rows])
  assert.equal(growMask(mask, 0), mask)
})
