import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Stop } from '../../src/run/stop.ts'

test('a stop only ever rises', () => {
  const stop = new Stop()
  assert.equal(stop.level, 'go')
  stop.raise('cancel', 'SIGTERM', 143)
  stop.raise('drain', 'Ctrl-C', 130)
  assert.deepEqual([stop.level, stop.reason, stop.exitCode], ['cancel', 'SIGTERM', 143])
})

test('listeners hear each rise once, and can leave', () => {
  const stop = new Stop()
  const heard: string[] = []
  const leave = stop.onRise(() => heard.push(stop.level))
  stop.raise('drain', 'Ctrl-C')
  stop.raise('drain', 'Ctrl-C')
  leave()
  stop.raise('cancel', 'Ctrl-C')
  assert.deepEqual(heard, ['drain'])
})
