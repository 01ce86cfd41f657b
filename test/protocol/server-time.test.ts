import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secondsBetween, timestampOf } from '../../src/protocol/server-time.ts'

test('what is no number is no time', () => {
  assert.equal(timestampOf({ timestamp: 1500 }), 1500)
  assert.equal(timestampOf({ timestamp: '1500' }), undefined)
  assert.equal(timestampOf({}), undefined)
})

test('a time is told in seconds, if both ends are known and the clock was not set meanwhile', () => {
  assert.equal(secondsBetween(1000, 3500), 2.5)
  assert.equal(secondsBetween(1000, 1000), 0)
  assert.equal(secondsBetween(undefined, 1000), undefined)
  assert.equal(secondsBetween(1000, undefined), undefined)
  assert.equal(secondsBetween(1000, 0), undefined)
  assert.equal(secondsBetween(0, 8 * 24 * 3600 * 1000), undefined)
})
