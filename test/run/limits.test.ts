import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Limits, type Timer } from '../../src/run/limits.ts'

/** A clock that the test turns. */
function clock() {
  let now = 0
  let waiting: { readonly at: number; readonly callback: () => void } | undefined
  const longest: number[] = []
  const timer: Timer = (callback, milliseconds) => {
    longest.push(milliseconds)
    const own = { at: now + milliseconds, callback }
    waiting = own
    return () => {
      if (waiting === own) waiting = undefined
    }
  }
  const turnTo = (time: number): void => {
    while (waiting && waiting.at <= time) {
      const due = waiting
      waiting = undefined
      now = due.at
      due.callback()
    }
    now = time
  }
  return { timer, turnTo, longest, isWaiting: () => waiting !== undefined }
}

test('as many jobs as allowed may be begun', () => {
  const limits = new Limits({ maxJobs: 3 })
  assert.deepEqual(
    [0, 2, 3, 4].map((started) => limits.jobLimitReached(started)),
    [false, false, true, true],
  )
  assert.equal(new Limits({}).jobLimitReached(1_000_000), false)
})

test('the deadline calls back once, with the reason', () => {
  const { timer, turnTo } = clock()
  const reasons: string[] = []
  new Limits({ maxDuration: 7200 }, timer).startDeadline((reason) => reasons.push(reason))
  turnTo(7_199_999)
  assert.deepEqual(reasons, [])
  turnTo(7_200_000)
  turnTo(99_999_999)
  assert.deepEqual(reasons, ['the time of --max-duration is up: 7200 s'])
})

test('a run that has ended stops the clock', () => {
  const { timer, turnTo, isWaiting } = clock()
  const stop = new Limits({ maxDuration: 1 }, timer).startDeadline(() => assert.fail('too late'))
  stop()
  assert.equal(isWaiting(), false)
  turnTo(5000)
})

test('a deadline beyond what timers take is waited for in pieces, and can be stopped in each', () => {
  const { timer, turnTo, longest, isWaiting } = clock()
  let reached = 0
  const days = 60
  const stop = new Limits({ maxDuration: days * 86_400 }, timer).startDeadline(() => (reached += 1))
  turnTo(30 * 86_400_000)
  assert.equal(reached, 0)
  assert.ok(longest.every((piece) => piece < 2 ** 31))
  turnTo(days * 86_400_000)
  assert.equal(reached, 1)
  stop()

  const other = clock()
  const stopOther = new Limits({ maxDuration: days * 86_400 }, other.timer).startDeadline(() => {})
  other.turnTo(30 * 86_400_000)
  stopOther()
  assert.equal(other.isWaiting(), false)
  assert.equal(isWaiting(), false)
})

test('without a limit there is no clock', () => {
  const { timer, isWaiting } = clock()
  new Limits({ maxJobs: 1 }, timer).startDeadline(() => {})
  assert.equal(isWaiting(), false)
})

test("node's own clock works, too", (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const reasons: string[] = []
  const onReached = (reason: string): number => reasons.push(reason)
  const stop = new Limits({ maxDuration: 60 }).startDeadline(onReached)
  new Limits({ maxDuration: 60 }).startDeadline(onReached)
  t.mock.timers.tick(59_999)
  assert.equal(reasons.length, 0)
  stop()
  t.mock.timers.tick(1)
  assert.equal(reasons.length, 1)
})
