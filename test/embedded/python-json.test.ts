import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, jsonValue, property } from 'fast-check'
import { parsePython, PythonFloat, writePython } from '../../src/embedded/python-json.ts'

test('numbers that JSON does not know are read and written', () => {
  const text = '[NaN, Infinity, -Infinity]'
  const values = parsePython(text)
  assert.deepEqual(values, [Number.NaN, Infinity, -Infinity])
  assert.equal(writePython(values), text)
})

test('64-bit integers stay exact', () => {
  assert.equal(parsePython('18446744073709551615'), 18446744073709551615n)
  assert.equal(writePython({ seed: 18446744073709551615n }), '{"seed": 18446744073709551615}')
  assert.equal(parsePython('9007199254740992.0'), 9007199254740992)
})

test('writes as Python does', () => {
  assert.equal(
    writePython({ a: [1, 'é 😀'], b: null, c: undefined }),
    '{"a": [1, "\\u00e9 \\ud83d\\ude00"], "b": null}',
  )
  assert.equal(writePython([new PythonFloat(1), new PythonFloat(0.5), -0]), '[1.0, 0.5, 0]')
})

test('a Map keeps its order where an object would not', () => {
  const entries = [
    ['b', 1],
    ['10', 2],
    ['9', 3],
  ] as const
  assert.equal(writePython(new Map(entries)), '{"b": 1, "10": 2, "9": 3}')
})

test('what is not JSON is refused', () => {
  for (const text of [
    '',
    'x',
    '{"a" 1}',
    '[1,]',
    '{"a":1,}',
    '"\n"',
    '01',
    '1 2',
    '{a: 1}',
    '[',
    '"',
    'nan',
    'True',
  ]) {
    assert.throws(() => parsePython(text), SyntaxError, text)
  }
})

test('any JSON survives', () => {
  assertProperty(
    property(jsonValue(), (value) => {
      const expected: unknown = JSON.parse(JSON.stringify(value))
      assert.deepEqual(JSON.parse(writePython(parsePython(JSON.stringify(value)))), expected)
    }),
  )
})
