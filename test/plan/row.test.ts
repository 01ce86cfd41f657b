import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { cellOf, makeRow, withShared, type Cell } from '../../src/plan/row.ts'

const where = { file: 'jobs.csv', line: 2 }
const cell = (key: string, value: string): Cell => ({ key, value, typed: false, where, keyWhere: where })

test('a row whose cells can not be read has a fault and no cells', () => {
  const fault = new ComfyRunError('bad-row', 'no')
  const row = makeRow(where, () => {
    throw fault
  })
  assert.deepEqual(row, { cells: [], origin: where, fault })
})

test('a fault of our own is not hidden in a row', () => {
  const broken = (): never => {
    throw new TypeError('ours')
  }
  assert.throws(() => makeRow(where, broken), TypeError)
})

test('the cells of the file come first, without those that the row has itself', () => {
  const cells = withShared([cell('steps', '5')], [cell('cfg', '1'), cell('steps', '2')])
  assert.deepEqual(
    cells.map(({ key, value }) => [key, value]),
    [
      ['cfg', '1'],
      ['steps', '5'],
    ],
  )
  assert.equal(cellOf({ cells, origin: where }, 'steps')?.value, '5')
  assert.equal(cellOf({ cells, origin: where }, 'seed'), undefined)
  assert.equal(cellOf(undefined, 'seed'), undefined)
})
