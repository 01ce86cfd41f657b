import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Interruption } from '../../src/embedded/interruption.ts'
import { Interrupted } from '../../src/embedded/node.ts'

test('nothing happens before the request', async () => {
  const interruption = new Interruption()
  interruption.check()
  await interruption.wait(0)
  await interruption.during(undefined)
  await interruption.during(Promise.resolve())
})

test('a request ends a long wait at once', async () => {
  const interruption = new Interruption()
  const waiting = assert.rejects(interruption.wait(3_600_000), Interrupted)
  interruption.request()
  await waiting
  assert.throws(() => interruption.check(), Interrupted)
})

test('a request ends the wait for work that never ends', async () => {
  const interruption = new Interruption()
  const waiting = assert.rejects(interruption.during(new Promise(() => {})), Interrupted)
  interruption.request()
  await waiting
  await assert.rejects(interruption.during(new Promise(() => {})), Interrupted)
})
