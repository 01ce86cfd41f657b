import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { largestSeed, listedSeed, readSeeds, SeedCounters, SeedDraw } from '../../src/plan/seeds.ts'
import { Hash128 } from '../../src/plan/hash128.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import { failureOf } from './helpers.ts'

/** All seeds of the first `copies` copies of a list. */
function seedsOf(value: JsonValue, copies = 1): JsonValue[] {
  const list = readSeeds(value)
  assert.ok(list !== 'random' && list.kind === 'list')
  return Array.from({ length: list.size * copies }, (_, at) =>
    listedSeed(list, at % list.size, 1 + Math.floor(at / list.size)),
  )
}

const seed = fc.bigInt({ min: 0n, max: largestSeed })
const exact = (value: bigint): JsonValue => (value <= 2n ** 53n - 1n ? Number(value) : value)

test('seeds are whole numbers up to 2^64 - 1, lists and ranges of them, or the wish for drawn ones', () => {
  assert.deepEqual(seedsOf('0'), [0])
  assert.deepEqual(seedsOf(' 18446744073709551615 '), [largestSeed])
  assert.deepEqual(seedsOf(7), [7])
  assert.deepEqual(seedsOf(largestSeed), [largestSeed])
  assert.deepEqual(seedsOf('1, 2,3'), [1, 2, 3])
  assert.deepEqual(seedsOf('8-10'), [8, 9, 10])
  assert.deepEqual(seedsOf('5,1-3,5'), [5, 1, 2, 3, 5])
  assert.deepEqual(seedsOf([4, '6-7', largestSeed]), [4, 6, 7, largestSeed])
  for (const wish of ['random', 'Random', '-1', -1, [-1]]) assert.equal(readSeeds(wish), 'random')
  assert.deepEqual(readSeeds('increment:100'), { kind: 'increment', start: 100n })
})

test('anything else is refused at its place', async () => {
  const where = { file: 'jobs.csv', line: 2 }
  const values: JsonValue[] = ['18446744073709551616', '-2', '1.5', '1e3', '', 'abc', 1.5, true, [], [[1]]]
  values.push(
    '1,',
    '1,-1',
    '1,random',
    '3-1',
    '1-18446744073709551616',
    '0-1000000',
    'increment',
    'increment:x',
  )
  for (const value of values) {
    const error = await failureOf(() => readSeeds(value, where))
    assert.equal(error.code, 'bad-value', JSON.stringify(value))
    assert.deepEqual(error.where, where)
  }
})

test('copies count on from the largest seed of the copy before', async () => {
  assert.deepEqual(seedsOf('5', 3), [5, 6, 7])
  assert.deepEqual(seedsOf('1-2', 2), [1, 2, 3, 4])
  assert.deepEqual(seedsOf('7,3', 2), [7, 3, 12, 8])
  assert.deepEqual(seedsOf('9007199254740991', 2), [2 ** 53 - 1, 2n ** 53n])
  assert.equal((await failureOf(() => seedsOf(largestSeed, 2))).code, 'bad-value')
})

test('any list is read exactly, and no two seeds of its copies are equal', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(seed, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (list, copies) => {
        assert.deepEqual(seedsOf(list.join(',')), list.map(exact))
        assert.deepEqual(seedsOf(list), list.map(exact))
        const sorted = list.toSorted((a, b) => (a < b ? -1 : 1))
        const [smallest = 0n, largest = 0n] = [sorted[0], sorted.at(-1)]
        const fits = largest + BigInt(copies - 1) * (largest - smallest + 1n) <= largestSeed
        if (fits) assert.equal(new Set(seedsOf(list, copies).map(String)).size, list.length * copies)
        else assert.throws(() => seedsOf(list, copies), { code: 'bad-value' })
      },
    ),
  )
})

test('any range is every seed from its first to its last', () => {
  fc.assert(
    fc.property(seed, fc.bigInt({ min: 0n, max: 50n }), (from, more) => {
      const to = from + more > largestSeed ? largestSeed : from + more
      const expected = Array.from({ length: Number(to - from) + 1 }, (_, index) =>
        exact(from + BigInt(index)),
      )
      assert.deepEqual(seedsOf(`${from}-${to}`), expected)
    }),
  )
})

test('increments count on, each start for itself, and end at the largest seed', async () => {
  const counters = new SeedCounters()
  const take = (start: bigint): JsonValue => counters.take({ kind: 'increment', start })
  assert.deepEqual([take(5n), take(5n), take(9n), take(5n)], [5, 6, 9, 7])
  assert.equal(take(largestSeed), largestSeed)
  assert.equal((await failureOf(() => take(largestSeed))).code, 'bad-value')
})

test('a drawn seed depends on salt and key alone, and is exact as a number', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (salt, text) => {
      const key = new Hash128().add(text)
      const seed = new SeedDraw(salt).of(key)
      assert.ok(Number.isSafeInteger(seed) && seed >= 0)
      assert.equal(new SeedDraw(salt).of(key), seed)
    }),
  )
  const [one, two] = ['key', 'key2'].map((text) => new Hash128().add(text))
  assert.ok(one && two)
  assert.notEqual(new SeedDraw('a').of(one), new SeedDraw('b').of(one))
  assert.notEqual(new SeedDraw('a').of(one), new SeedDraw('a').of(two))
})
