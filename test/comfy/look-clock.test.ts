import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { LookClock } from '../../src/comfy/look-clock.ts'

/** A clock whose looks are counted; `tick` lets time pass. */
function clockOf(t: TestContext) {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let looks = 0
  const clock = new LookClock(() => {
    looks += 1
  })
  const tick = (milliseconds: number): number => {
    now += milliseconds
    t.mock.timers.tick(milliseconds)
    return looks
  }
  return { clock, tick }
}

test('a look that is due earlier stays; a later one is moved forward', (t) => {
  const { clock, tick } = clockOf(t)
  clock.set(1000)
  clock.within(5000)
  assert.equal(tick(1000), 1)
  clock.set(1000)
  clock.within(10)
  assert.equal(tick(10), 2)
})

test('what is wanted during a look comes after it', (t) => {
  const { clock, tick } = clockOf(t)
  clock.begin()
  clock.within(10)
  assert.equal(tick(100), 0)
  clock.end(5000)
  assert.equal(tick(10), 1)
})

test('a look that may wait is put off, any other is not', (t) => {
  const { clock, tick } = clockOf(t)
  clock.set(5000)
  clock.maybeWithin(1000)
  clock.putOff(5000)
  assert.equal(tick(4000), 0)
  clock.within(100)
  clock.putOff(5000)
  assert.equal(tick(100), 1)
})

test('a look that was due anyway is not put off by a doubt about another', (t) => {
  const { clock, tick } = clockOf(t)
  clock.set(500)
  clock.maybeWithin(1000)
  clock.putOff(5000)
  assert.equal(tick(500), 1)
})

test('after the end there are no looks', (t) => {
  const { clock, tick } = clockOf(t)
  clock.set(10)
  clock.stop()
  clock.set(10)
  assert.equal(tick(1000), 0)
})
