import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash53 } from '../../src/plan/hash53.ts'

test('texts that differ in little have hashes that differ in every part', () => {
  const texts = Array.from({ length: 200_000 }, (_, index) => `a-fox_${index}`)
  const hashes = texts.map(hash53)
  assert.ok(hashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0))
  assert.equal(new Set(hashes).size, texts.length)
  // Each bit is set in about half of them.
  for (let bit = 0; bit < 53; bit++) {
    const set = hashes.filter((hash) => Math.floor(hash / 2 ** bit) % 2 === 1).length
    assert.ok(Math.abs(set / texts.length - 0.5) < 0.01, `bit ${bit}: ${set}`)
  }
})

test('a hash is the same on every machine', () => {
  assert.deepEqual(
    [hash53(''), hash53('abc'), hash53('é🌊')],
    [5152829411989761, 8145792900053973, 299351297305295],
  )
})
