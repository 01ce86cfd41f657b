import assert from 'node:assert/strict'
import { test } from 'node:test'
import { depthFor } from '../../../src/run/pool/depth.ts'

test('one prompt waits, and more only where jobs last milliseconds', () => {
  const depths = [undefined, 60, 1, 0.1, 0.05, 0.02, 0.005, 0].map(depthFor)
  assert.deepEqual(depths, [2, 2, 2, 2, 3, 6, 16, 16])
})
