import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldSpans } from '../../src/plan/csv-fields.ts'

const fieldsOf = (raw: string, delimiter = ','): string[] =>
  fieldSpans(raw, delimiter).map(({ start, end }) => raw.slice(start, end))

test('fields are found with their quotes, without blanks and comments', () => {
  assert.deepEqual(fieldsOf('a, b c ,"d, ""e""\n" ,\r\n'), ['a', 'b c', '"d, ""e""\n"', ''])
  assert.deepEqual(fieldsOf('# one, two\n#\nx\t y\n', '\t'), ['x', 'y'])
  assert.deepEqual(fieldsOf('\t\tz', '\t'), ['', '', 'z'])
  assert.deepEqual(fieldsOf(''), [''])
})

test('broken records have fields, too', () => {
  assert.deepEqual(fieldsOf('a,"b,c\n'), ['a', '"b,c'])
  assert.deepEqual(fieldsOf('a,b"c'), ['a', 'b"c'])
  assert.deepEqual(fieldsOf('# only a comment'), [''])
})
