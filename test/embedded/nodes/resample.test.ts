import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resample } from '../../../src/embedded/nodes/resample.ts'
import { greyFrame, reds } from './helpers.ts'

const row = greyFrame([[0, 40, 200, 240]])

// What ComfyUI makes of the same four dots (torch and PIL).
for (const [method, width, expected] of [
  ['nearest-exact', 8, [0, 0, 40, 40, 200, 200, 240, 240]],
  ['nearest-exact', 2, [40, 240]],
  ['bilinear', 8, [0, 10, 30, 80, 160, 210, 230, 240]],
  ['bilinear', 2, [20, 220]],
  ['area', 2, [20, 220]],
  ['area', 3, [20, 120, 220]],
  ['bicubic', 2, [5, 235]],
  ['lanczos', 2, [30, 210]],
] as const) {
  test(`${method} from 4 dots to ${width}`, () => {
    assert.deepEqual(reds(resample(row, width, 1, method)), [expected])
  })
}

test('columns are scaled as rows are, and channels kept apart', () => {
  const data = Buffer.from([255, 0, 10, 128, 0, 255, 20, 128])
  const made = resample({ width: 1, height: 2, channels: 4, data }, 1, 4, 'nearest-exact')
  assert.deepEqual([...made.data], [255, 0, 10, 128, 255, 0, 10, 128, 0, 255, 20, 128, 0, 255, 20, 128])
})

test('a picture of one colour stays so with every method', () => {
  const plain = greyFrame(Array.from({ length: 9 }, () => Array.from({ length: 7 }, () => 90)))
  for (const method of ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos']) {
    const values = new Set(reds(resample(plain, 13, 4, method)).flat())
    assert.deepEqual([...values], [90], method)
  }
})
