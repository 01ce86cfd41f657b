import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fitValue, readValue } from '../../src/plan/values.ts'
import { stringifyJson, type JsonValue } from '../../src/protocol/json.ts'
import { failureOf } from './helpers.ts'

test('a text is read as what the input holds', () => {
  const cases: [text: string, current: JsonValue | undefined, value: JsonValue][] = [
    ['1984', 'a prompt', '1984'],
    ['{"a": 1}', 'a prompt', '{"a": 1}'],
    [' spaced ', '', ' spaced '],
    ['20', 30, 20],
    [' +2 ', 30, 2],
    ['6.5', 8, 6.5],
    ['.5', 1, 0.5],
    ['1e3', 1, 1000],
    ['18446744073709551615', 5, 18446744073709551615n],
    ['5', 18446744073709551615n, 5],
    ['TRUE', false, true],
    ['false', true, false],
    ['[1, 18446744073709551615]', 7, [1, 18446744073709551615n]],
    ['{"a": true}', { b: 1 }, { a: true }],
    ['"7"', 7, '7'],
    ['12', ['4', 0], 12],
    ['text', ['4', 0], 'text'],
    ['true', undefined, true],
    ['["4", 1]', null, ['4', 1]],
  ]
  for (const [text, current, value] of cases) assert.deepEqual(readValue(text, current), value, text)
})

test('what the input can not hold is refused at its place', async () => {
  const where = { file: 'jobs.csv', line: 4, column: 2 }
  const cases: [text: string, current: JsonValue][] = [
    ['abc', 1],
    ['0x10', 1],
    ['1_000', 1],
    ['NaN', 1],
    ['1e999', 1],
    ['', 1],
    ['yes', true],
    ['{a: 1}', 1],
    ['7 8', [1, 2, 3]],
  ]
  for (const [text, current] of cases) {
    const error = await failureOf(() => readValue(text, current, where))
    assert.equal(error.code, 'bad-value', text)
    assert.deepEqual(error.where, where)
  }
  assert.equal((await failureOf(() => readValue('1,5', 1))).hint, 'write 1.5')
})

test('a typed value is fitted to what the input holds', async () => {
  assert.equal(fitValue(1984, 'a prompt'), '1984')
  assert.equal(fitValue(18446744073709551615n, 'a prompt'), '18446744073709551615')
  assert.equal(fitValue(true, 'a prompt'), 'true')
  assert.equal(fitValue('20', 30), 20)
  assert.equal(fitValue('true', false), true)
  assert.deepEqual(fitValue(['4', 0], 'a prompt'), ['4', 0])
  assert.equal((await failureOf(() => fitValue('many', 30))).code, 'bad-value')
})

test('every JSON number that a workflow can hold comes back from its text', () => {
  const number = fc.oneof(
    fc.integer(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  fc.assert(
    fc.property(number, (value) => {
      const read = readValue(stringifyJson(value), 1)
      if (typeof value === 'bigint') assert.equal(read, value)
      else assert.equal(Number(read), value === 0 ? 0 : value)
    }),
  )
})

test('text stays text, whatever it looks like', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (text, current) => readValue(text, current) === text))
})
