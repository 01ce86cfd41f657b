import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt } from '../../src/reporters/excerpt.ts'

test('the fault is underlined', () => {
  assert.deepEqual(excerpt('red fox,,dpmpp_3m_sed,24', 10, 12, 80), {
    line: 'red fox,,dpmpp_3m_sed,24',
    marks: '         ^^^^^^^^^^^^',
  })
})

test('tabs, wide characters and composed ones before the fault move the marks along', () => {
  assert.deepEqual(excerpt('日本\t👩‍🚀,xy,z', 8, 2, 80), {
    line: '日本    👩‍🚀,xy,z',
    marks: '           ^^',
  })
})

test('a wide fault gets wide marks', () => {
  assert.equal(excerpt('a,日本,b', 3, 2, 80).marks, '  ^^^^')
})

test('a value that is missing at the end is marked behind it', () => {
  assert.deepEqual(excerpt('fox,\r\n', 5, 1, 80), { line: 'fox,', marks: '    ^' })
  assert.deepEqual(excerpt('', 1, 1, 80), { line: '', marks: '^' })
})

test('control characters are shown as what they are: unshowable', () => {
  assert.deepEqual(excerpt('a\x1B[31mb', 7, 1, 80), { line: 'a\uFFFD[31mb', marks: '      ^' })
})

test('a long line is cut around the fault', () => {
  const text = `${'a'.repeat(500)}FAULT${'b'.repeat(500)}`
  assert.deepEqual(excerpt(text, 501, 5, 32), {
    line: '…aaaaaaaaaaFAULTbbbbbbbbbbbbbbb…',
    marks: '           ^^^^^',
  })
  assert.deepEqual(excerpt(text, 1, 2, 12), { line: 'aaaaaaaaaa…', marks: '^^' })
  assert.deepEqual(excerpt(text, 1005, 1, 12), { line: '…bbbbbbbbbb', marks: '          ^' })
})

test('a fault longer than the room is cut, too', () => {
  assert.deepEqual(excerpt('x'.repeat(50), 1, 50, 12), { line: 'xxxxxxxxxx…', marks: '^^^^^^^^^^' })
})
