import assert from 'node:assert/strict'
import { test } from 'node:test'
import { table } from '../../src/cli/tables.ts'

test('columns are aligned by what a terminal shows', () => {
  const rows = [['1', '日本', 'seed=7'], ['10', 'fox', ''], ['11']]
  assert.equal(
    table(rows, { header: ['job', 'name', 'settings'] }),
    ['job  name  settings', '1    日本  seed=7', '10   fox', '11'].join('\n'),
  )
})

test('lines are cut to the terminal', () => {
  assert.equal(table([['fox', 'a very long prompt']], { columns: 12 }), 'fox  a very…')
})

test('cells stay on their line', () => {
  assert.equal(table([['a\nb', '\x1B[31mc']]), 'a b  c')
})

test('no rows, no lines', () => {
  assert.equal(table([]), '')
})
