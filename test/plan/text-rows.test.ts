import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../../src/plan/row.ts'
import { textRows } from '../../src/plan/text-rows.ts'
import { all, cellOf, pieces, pointedAt, valuesOf } from './helpers.ts'

const read = async (text: string): Promise<Row[]> => all(textRows('p.txt', () => pieces(text)))

test('each line is a prompt; empty lines and comments are left out', async () => {
  const rows = await read('a cat\r\n\n# note\n  a dog, wet  \n1984')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a cat' }, { prompt: 'a dog, wet' }, { prompt: '1984' }])
  const { where } = cellOf(rows[1], 'prompt')
  assert.deepEqual([where.line, where.column, pointedAt(where)], [4, 3, 'a dog, wet'])
  assert.equal(rows[2]?.origin.line, 5)
})

test('with --- between them prompts may have several lines', async () => {
  const rows = await read('---\r\n\n  a cat,\r\n  asleep\n\n# note\n--- \n\n---\na dog\n\nwet\n')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a cat,\n  asleep' }, { prompt: 'a dog\n\nwet' }])
  const { where } = cellOf(rows[0], 'prompt')
  assert.deepEqual([where.line, where.column, pointedAt(where)], [3, 3, 'a cat,'])
  assert.equal(rows[1]?.origin.line, 10)
})

test('a line that only begins with --- is part of a prompt', async () => {
  assert.deepEqual((await read('a\n--- b\n')).map(valuesOf), [{ prompt: 'a' }, { prompt: '--- b' }])
})
