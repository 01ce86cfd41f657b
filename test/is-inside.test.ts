import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { isInside } from '../src/is-inside.ts'

for (const [path, expected] of [
  ['out', true],
  ['out/a/b', true],
  ['out/..a', true],
  ['out/../out2', false],
  ['.', false],
  ['/', false],
] as const) {
  test(`${path} is ${expected ? '' : 'not '}inside of out`, () => {
    assert.equal(isInside(resolve('out'), resolve(path)), expected)
  })
}
