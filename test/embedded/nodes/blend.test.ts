import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blendFrames } from '../../../src/embedded/nodes/blend.ts'
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
