import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { drawSeed, largestSeed, readSeed, seedOfCopy } from '../../src/plan/seeds.ts'
import { failureOf } from './helpers.ts'

test('seeds are whole numbers up to 2^64 - 1, or the wish for one', () => {
  assert.equal(readSeed('0'), 0n)
  assert.equal(readSeed(' 18446744073709551615 '), largestSeed)
  assert.equal(readSeed(7), 7n)
  assert.equal(readSeed(largestSeed), largestSeed)
  for (const wish of ['random', 'Random', '-1', -1]) assert.equal(readSeed(wish), 'random')
})

test('anything else is refused at its place', async () => {
  const where = { file: 'jobs.csv', line: 2 }
  for (const value of ['18446744073709551616', '-2', '1.5', '1e3', '', 'abc', 1.5, true, [1]]) {
    const error = await failureOf(() => readSeed(value, where))
    assert.equal(error.code, 'bad-value', JSON.stringify(value))
    assert.deepEqual(error.where, where)
  }
})

test('copies count on from the first seed, exactly', async () => {
  assert.equal(seedOfCopy(5n, 1), 5)
  assert.equal(seedOfCopy(5n, 3), 7)
  assert.equal(seedOfCopy(2n ** 53n - 1n, 2), 2n ** 53n)
  assert.equal((await failureOf(() => seedOfCopy(largestSeed, 2))).code, 'bad-value')
})

test('a drawn seed depends on salt and key alone, and is exact as a number', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (salt, key) => {
      const seed = drawSeed(salt, key)
      assert.ok(Number.isSafeInteger(seed) && seed >= 0)
      assert.equal(drawSeed(salt, key), seed)
    }),
  )
  assert.notEqual(drawSeed('a', 'key'), drawSeed('b', 'key'))
  assert.notEqual(drawSeed('a', 'key'), drawSeed('a', 'key2'))
})
