import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes, parseBytes } from '../src/byte-sizes.ts'

test('sizes are read with and without units', () => {
  const cases = {
    '1048576': 2 ** 20,
    '500K': 512_000,
    '1.5g': 1.5 * 2 ** 30,
    '2 GB': 2 ** 31,
    '1MiB': 2 ** 20,
  }
  for (const [text, bytes] of Object.entries(cases)) assert.equal(parseBytes(text), bytes, text)
  for (const text of ['', '0', '-1', 'G', '1X', '1e9', '9999999T'])
    assert.equal(parseBytes(text), undefined, text)
})

test('sizes are told in the largest unit that they fill', () => {
  assert.deepEqual([0, 312, 1024, 1.5 * 2 ** 30, 2 ** 40].map(formatBytes), [
    '0 bytes',
    '312 bytes',
    '1 KB',
    '1.5 GB',
    '1 TB',
  ])
})
