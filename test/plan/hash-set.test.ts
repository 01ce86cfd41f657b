import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hash128 } from '../../src/plan/hash128.ts'
import { HashSet } from '../../src/plan/hash-set.ts'

const hashOf = (number: number): Hash128 => new Hash128().add(String(number)).finish()

test('each hash is new once, however many there are', () => {
  const set = new HashSet()
  const count = 300_000
  let added = 0
  for (let number = 0; number < count; number++) if (set.add(hashOf(number))) added++
  assert.equal(added, count)
  for (let number = 0; number < count; number += 7) assert.equal(set.add(hashOf(number)), false)
  assert.equal(set.add(hashOf(count)), true)
})

test('hashes that differ in a few bits only are told apart', () => {
  const set = new HashSet()
  const base = { a: 1, b: -2, c: 0x7f000000, d: 0 }
  assert.deepEqual(
    [base, { ...base, b: 2 }, { ...base, c: 0x01000000 }, base].map((hash) => set.add(hash)),
    [true, true, true, false],
  )
})
