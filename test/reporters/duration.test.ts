import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDuration, formatEstimate } from '../../src/reporters/duration.ts'

test('times that have passed', () => {
  const cases = [
    [0, '0.0 s'],
    [0.44, '0.4 s'],
    [12.34, '12.3 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [250, '4 min 10 s'],
    [3599.6, '1 h 0 min'],
    [7500, '2 h 5 min'],
    [7199, '2 h 0 min'],
  ] as const
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text)
})

test('estimates have no fractions', () => {
  assert.equal(formatEstimate(12.34), '12 s')
  assert.equal(formatEstimate(59.6), '1 min 0 s')
})
