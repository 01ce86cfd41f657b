import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pythonRepr, pythonStr, pythonType, reprFloat } from '../../src/embedded/python-text.ts'

test('values look as in Python', () => {
  assert.equal(pythonRepr(["it's", 'a', null, true, 1.5]), `["it's", 'a', None, True, 1.5]`)
  assert.equal(pythonRepr({ a: ['\n', '\\'] }), `{'a': ['\\n', '\\\\']}`)
  assert.equal(pythonRepr(`'"`), `'\\'"'`)
  assert.equal(pythonStr('plain'), 'plain')
  assert.equal(pythonStr(18446744073709551616n), '18446744073709551616')
})

test('floats show that they are floats', () => {
  assert.deepEqual([8, 0.5, Number.NaN, -Infinity].map(reprFloat), ['8.0', '0.5', 'nan', '-inf'])
})

test('types by their names', () => {
  assert.deepEqual([null, true, 1, 1.5, 'x', [], {}].map(pythonType), [
    'NoneType',
    'bool',
    'int',
    'float',
    'str',
    'list',
    'dict',
  ])
})
