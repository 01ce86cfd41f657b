import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lines } from '../../src/plan/lines.ts'
import { all, pieces } from './helpers.ts'

test('lines come out the same, however the text is cut', async () => {
  const text = 'one\r\n\ntwo\nthree'
  for (const size of [1, 2, 3, 100]) {
    assert.deepEqual(
      await all(lines(pieces(text, size))),
      ['one', '', 'two', 'three'].map((line, index) => ({ text: line, number: index + 1 })),
    )
  }
})

test('a line break at the end begins no line', async () => {
  assert.equal((await all(lines(pieces('one\n')))).length, 1)
  assert.deepEqual(await all(lines(pieces(''))), [])
})
