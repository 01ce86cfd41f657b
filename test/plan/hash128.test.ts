import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bits53, Hash128, hexOf } from '../../src/plan/hash128.ts'

const hashOf = (text: string): Hash128 => new Hash128().add(text).finish()

test('texts that differ in little have hashes that differ in every part', () => {
  const count = 100_000
  const hashes = Array.from({ length: count }, (_, index) => hashOf(`a-fox_${index}`))
  assert.equal(new Set(hashes.map(bits53)).size, count)
  for (const lane of ['a', 'b', 'c', 'd'] as const) {
    // Each bit is set in about half of them.
    for (let bit = 0; bit < 32; bit++) {
      const set = hashes.filter((hash) => ((hash[lane] >>> bit) & 1) === 1).length
      assert.ok(Math.abs(set / count - 0.5) < 0.01, `bit ${bit} of ${lane}: ${set}`)
    }
  }
})

test('sums of hashes tell apart what was added to which beginning', () => {
  const starts = ['steps', 'cfg'].map((name) => new Hash128().add(name))
  const sums = new Set<string>()
  for (let first = 0; first < 200; first++) {
    for (let second = 0; second < 200; second++) {
      const [x, y] = starts.map((start, at) =>
        new Hash128()
          .restart(start)
          .add(String([first, second][at]))
          .finish(),
      )
      assert.ok(x && y)
      sums.add(hexOf({ a: (x.a + y.a) | 0, b: (x.b + y.b) | 0, c: (x.c + y.c) | 0, d: (x.d + y.d) | 0 }))
    }
  }
  assert.equal(sums.size, 200 * 200)
})

test('going on from where another has got to leaves that one as it is', () => {
  const start = new Hash128().add('a')
  assert.deepEqual(new Hash128().restart(start).add('b').finish(), new Hash128().add('a').add('b').finish())
  assert.deepEqual(new Hash128().restart(start).add('c').finish(), new Hash128().add('a').add('c').finish())
})

test('a text with a zero at its end is another one', () => {
  for (const text of ['', 'a', 'ab']) assert.notDeepEqual(hashOf(text), hashOf(`${text}\0`))
})

test('a hash is the same on every machine', () => {
  assert.deepEqual(
    ['', 'abc', 'é🌊'].map((text) => hexOf(hashOf(text))),
    [
      'f8da66d591c3781483427b436e90024b',
      'ed2d9845d56df9df8dacd4dedbfdcac8',
      'bafe7d256e31e9122d3316e5e210ef15',
    ],
  )
})

test('53 bits are a whole number that is exact', () => {
  assert.equal(bits53({ a: -1, b: -1 }), Number.MAX_SAFE_INTEGER)
  assert.equal(bits53({ a: 0, b: 2 ** 11 }), 1)
})
