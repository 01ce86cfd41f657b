import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineRanges } from '../../src/reporters/line-ranges.ts'

function shown(...lines: readonly number[]): string {
  const ranges = new LineRanges()
  for (const line of lines) ranges.add({ file: 'a.csv', line })
  return ranges.toString()
}

test('lines in order, neighbours as a range, in whatever order they come', () => {
  assert.equal(shown(), '')
  assert.equal(shown(3), 'a.csv:3')
  assert.equal(shown(12, 7, 3, 13, 14), 'a.csv:3, 7, 12-14')
  assert.equal(shown(3, 5, 4), 'a.csv:3-5')
  assert.equal(shown(3, 3, 4, 3), 'a.csv:3-4')
})

test('each file has lines of its own', () => {
  const ranges = new LineRanges()
  for (const [file, line] of [
    ['a.csv', 2],
    ['b.csv', 2],
    ['a.csv', 3],
  ] as const)
    ranges.add({ file, line })
  assert.equal(ranges.toString(), 'a.csv:2-3; b.csv:2')
})

test('what comes after eight ranges is counted', () => {
  const odd = Array.from({ length: 20 }, (_, index) => 2 * index + 1)
  assert.equal(shown(...odd), 'a.csv:1, 3, 5, 7, 9, 11, 13, 15, and 12 more')
})
