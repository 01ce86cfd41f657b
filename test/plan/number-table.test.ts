import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bits53, Hash128 } from '../../src/plan/hash128.ts'
import { NumberTable } from '../../src/plan/number-table.ts'

test('whatever is set is found, and nothing else, as in a map', () => {
  const key = fc.oneof(fc.maxSafeNat(), fc.integer({ min: 0, max: 20 }))
  const entries = fc.array(fc.tuple(key, fc.nat(2 ** 32 - 1)), { maxLength: 200 })
  fc.assert(
    fc.property(entries, fc.array(key), (list, others) => {
      const table = new NumberTable()
      for (const [at, value] of list) table.set(at, value)
      const map = new Map(list)
      assert.equal(table.size, map.size)
      for (const at of [...map.keys(), ...others]) assert.equal(table.get(at), map.get(at))
    }),
  )
})

test('it grows', () => {
  const table = new NumberTable()
  const keys = Array.from({ length: 20_000 }, (_, index) => bits53(new Hash128().add(String(index)).finish()))
  keys.forEach((key, index) => table.set(key, index))
  assert.equal(table.size, keys.length)
  assert.ok(keys.every((key, index) => table.get(key) === index))
})
