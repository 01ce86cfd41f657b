import assert from 'node:assert/strict'
import { test } from 'node:test'
import { convert, ConversionError } from '../../../src/embedded/validation/convert.ts'
import { stringifyJson, type JsonValue } from '../../../src/protocol/json.ts'

test('values become what their input takes', () => {
  const cases: ReadonlyArray<readonly [string, JsonValue, JsonValue]> = [
    ['INT', 64.9, 64],
    ['INT', -64.9, -64],
    ['INT', true, 1],
    ['INT', ' 64 ', 64],
    ['INT', '1_000', 1000],
    ['INT', '18446744073709551615', 18446744073709551615n],
    ['INT', 1.8446744073709552e19, 18446744073709551616n],
    ['FLOAT', '1e3', 1000],
    ['FLOAT', '-.5', -0.5],
    ['FLOAT', ' Infinity', Infinity],
    ['FLOAT', false, 0],
    ['STRING', 12345, '12345'],
    ['STRING', null, 'None'],
    ['STRING', true, 'True'],
    ['BOOLEAN', 'false', true],
    ['BOOLEAN', '', false],
    ['BOOLEAN', {}, false],
    ['MODEL', 'untouched', 'untouched'],
  ]
  for (const [type, value, expected] of cases)
    assert.deepEqual(convert(type, value), expected, `${type} ${stringifyJson(value)}`)
})

test('what cannot be converted is said in the words of Python', () => {
  const cases: ReadonlyArray<readonly [string, JsonValue, string]> = [
    ['INT', 'abc', "invalid literal for int() with base 10: 'abc'"],
    ['INT', '64.5', "invalid literal for int() with base 10: '64.5'"],
    ['INT', null, "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"],
    ['INT', {}, "int() argument must be a string, a bytes-like object or a real number, not 'dict'"],
    ['INT', Number.NaN, 'cannot convert float NaN to integer'],
    ['INT', Infinity, 'cannot convert float infinity to integer'],
    ['FLOAT', 'abc', "could not convert string to float: 'abc'"],
    ['FLOAT', null, "float() argument must be a string or a real number, not 'NoneType'"],
  ]
  for (const [type, value, message] of cases) {
    assert.throws(() => convert(type, value), new ConversionError(message))
  }
})
