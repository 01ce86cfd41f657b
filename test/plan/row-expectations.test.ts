import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import type { JsonValue } from '../../src/protocol/json.ts'
import { RowExpectations } from '../../src/plan/row-expectations.ts'
import type { Cell } from '../../src/plan/row.ts'
import { folderOf } from '../rig/folder.ts'
import { failureOf } from './helpers.ts'

const where = { file: 'shots.csv', line: 3, column: 7 }

function cell(value: JsonValue): Cell {
  return { key: 'expect', value, typed: typeof value !== 'string', where, keyWhere: where }
}

test('a cell holds one check or several, a JSON value also a list', async () => {
  const expectations = new RowExpectations('.')
  for (const value of ['images=1; not-blank', ['images=1', 'not-blank']]) {
    assert.deepEqual(await expectations.of(cell(value)), [
      { check: 'images', comparison: '=', count: 1, text: 'images=1' },
      { check: 'not-blank', text: 'not-blank' },
    ])
  }
})

test("images to compare with are looked for in the jobs file's folder", async (t) => {
  const folder = folderOf(t)
  await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folder, 'golden.png'))
  const [expectation] = await new RowExpectations(folder).of(cell('similar=golden.png:0.9'))
  assert.deepEqual(expectation, {
    check: 'similar',
    file: resolve(folder, 'golden.png'),
    likeness: 0.9,
    text: 'similar=golden.png:0.9',
  })
})

test('what is wrong is told at the cell, also when it comes again', async (t) => {
  const folder = folderOf(t)
  await writeFile(join(folder, 'text.png'), 'no image')
  const expectations = new RowExpectations(folder)
  for (const [value, code] of [
    ['size=big', 'bad-option'],
    [7, 'bad-value'],
    [['not-blank', 7], 'bad-value'],
    ['similar=none.png', 'file-not-found'],
    ['similar=text.png', 'not-an-image'],
    ['similar=text.png', 'not-an-image'],
  ] as const) {
    const error = await failureOf(async () => expectations.of(cell(value)))
    assert.deepEqual([error.code, error.where], [code, where])
  }
})
