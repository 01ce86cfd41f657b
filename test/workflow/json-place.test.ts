import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { placeOfKey, placeOfValue } from '../../src/workflow/json-place.ts'

const text = '{\n  "a": {"b": 1,\n    "b\\n": {"c": 2}},\n  "d": []\n}'
const at = (...path: string[]) => {
  const { line, column, length } = placeOfKey(text, 'f.json', path)
  return [line, column, length]
}

test('a key is found by the keys that lead to it, however it is written', () => {
  assert.deepEqual(at('a'), [2, 3, 3])
  assert.deepEqual(at('a', 'b'), [2, 9, 3])
  assert.deepEqual(at('a', 'b\n', 'c'), [3, 13, 3])
})

test('its value, on the line that it begins on', () => {
  const value = (...path: string[]) => {
    const { line, column, length } = placeOfValue(text, 'f.json', path)
    return [line, column, length]
  }
  assert.deepEqual(value('a', 'b'), [2, 14, 1])
  assert.deepEqual(value('a'), [2, 8, 8])
  assert.deepEqual(value('d'), [4, 8, 2])
  assert.deepEqual(placeOfValue(text, 'f.json', ['x']), { file: 'f.json' })
})

test('what is not there has no line', () => {
  for (const path of [[], ['x'], ['d', '0'], ['a', 'b', 'c']]) {
    assert.deepEqual(placeOfKey(text, 'f.json', path), { file: 'f.json' })
  }
})

test('of a key that is there twice the one that counts is found', () => {
  assert.equal(placeOfKey('{"a": 1,\n"a": 2}', 'f.json', ['a']).line, 2)
})

test('any key of any object is found on its line', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string(), { minKeys: 1 }), (object) => {
      const json = JSON.stringify(object, null, 1)
      for (const [index, key] of Object.keys(object).entries()) {
        assert.equal(placeOfKey(json, 'f.json', [key]).line, index + 2)
      }
    }),
  )
})
