import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textRows } from '../../src/plan/text-rows.ts'
import { all, cellOf, pieces, pointedAt, valuesOf } from './helpers.ts'

test('each line is a prompt; empty lines and comments are left out', async () => {
  const rows = await all(textRows('p.txt', pieces('a cat\r\n\n# note\n  a dog, wet  \n1984')))
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a cat' }, { prompt: 'a dog, wet' }, { prompt: '1984' }])
  const { where } = cellOf(rows[1], 'prompt')
  assert.deepEqual([where.line, where.column, pointedAt(where)], [4, 3, 'a dog, wet'])
  assert.equal(rows[2]?.origin.line, 5)
})
