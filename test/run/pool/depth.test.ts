import assert from 'node:assert/strict'
import { test } from 'node:test'
import { depthFor } from '../../../src/run/pool/depth.ts'

const times = [undefined, 60, 1, 0.1, 0.05, 0.02, 0.005, 0]

test('one prompt waits, and more only where jobs last milliseconds', () => {
  const depths = times.map((seconds) => depthFor(seconds, true))
  assert.deepEqual(depths, [2, 2, 2, 2, 3, 6, 21, 32])
})

test('beside other servers one gets fewer', () => {
  const depths = times.map((seconds) => depthFor(seconds, false))
  assert.deepEqual(depths, [2, 2, 2, 2, 3, 6, 16, 16])
})
