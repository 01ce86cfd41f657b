import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  isSameJson,
  parseJson,
  parseStrictJson,
  stringifyJson,
  type JsonValue,
} from '../../src/protocol/json.ts'

test('integers beyond 2^53 stay exact, there and back', () => {
  const text = '{"seed":18446744073709551615,"small":7,"edge":9007199254740991}'
  const value = parseJson(text) // pitfall 21
  assert.deepEqual(value, { seed: 18446744073709551615n, small: 7, edge: 9007199254740991 })
  assert.equal(stringifyJson(value), text)
})

test('fractions and exponents are doubles, however long', () => {
  assert.deepEqual(
    parseJson('[1.2345678901234567890, 1e300, 12345678901234567890.5, -0.1]'),
    [1.2345678901234567, 1e300, 12345678901234567000, -0.1],
  )
})

test('NaN and Infinity, as Python writes them, are null', () => {
  const text = '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN -Infinity \\" NaN"}'
  assert.deepEqual(parseJson(text), { a: null, b: [null, null], c: 'NaN -Infinity " NaN' }) // pitfall 20
})

test('NaN beside a 64-bit integer', () => {
  assert.deepEqual(parseJson('[NaN, 18446744073709551615]'), [null, 18446744073709551615n])
})

test("a user's own file may not hold NaN, but may hold 64-bit integers", () => {
  assert.throws(() => parseStrictJson('[NaN]'), SyntaxError)
  assert.deepEqual(parseStrictJson('[18446744073709551615]'), [18446744073709551615n])
})

test('what is not JSON is a SyntaxError', () => {
  for (const text of ['', '{', 'nope', '<html>', '[NaN', '{"a":18446744073709551615', '[1,]']) {
    assert.throws(() => parseJson(text), SyntaxError, text)
  }
})

test('indented output', () => {
  assert.equal(stringifyJson({ a: [1n] }, 2), '{\n  "a": [\n    1\n  ]\n}')
})

test('every JSON value survives', () => {
  const value = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<JsonValue>
  fc.assert(
    fc.property(value, (value) => {
      const text = JSON.stringify(value)
      assert.equal(stringifyJson(parseJson(text)), text)
    }),
  )
})

test('every integer survives', () => {
  fc.assert(
    fc.property(fc.bigInt(), (number) => {
      assert.equal(stringifyJson(parseJson(`{"n":${number}}`)), `{"n":${number}}`)
    }),
  )
})

test('what is nested too deep is no JSON, brackets in strings are no nesting', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  parseJson(nested(1000))
  assert.throws(() => parseJson(nested(1001)), SyntaxError)
  assert.throws(() => parseStrictJson(`{"a":${nested(1001)}}`), SyntaxError)
  const text = String.raw`\"\\`.repeat(10) + '['.repeat(5000)
  assert.deepEqual(parseJson(`["${text}"]`), [JSON.parse(`"${text}"`)])
})

test('an integer of thousands of digits is not made exact', () => {
  assert.deepEqual(parseJson(`[${'9'.repeat(5000)}]`), [Infinity])
})

test('values are the same JSON whatever kind of number holds them, and texts are no numbers', () => {
  assert.ok(isSameJson({ seed: 7, links: ['1', 0] }, { seed: 7n, links: ['1', 0] }))
  assert.ok(!isSameJson(['1', 0], ['1', 1]))
  assert.ok(!isSameJson('7', 7))
  assert.ok(!isSameJson(null, false))
})
