import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growMask } from '../../../src/embedded/nodes/mask-frames.ts'

test('a mask grows to all sides, and not at all by 0', () => {
  const mask = { width: 5, height: 3, data: Buffer.from([0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]) }
  const rows = [0, 255, 255, 255, 0]
  assert.deepEqual([...growMask(mask, 3).data], [...rows, ...rows, ...rows])
  assert.equal(growMask(mask, 0), mask)
})
