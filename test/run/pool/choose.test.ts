import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseBest, isWorthwhile, type Candidate } from '../../../src/run/pool/choose.ts'

const idle = (secondsPerJob?: number): Candidate => ({ load: 0, secondsPerJob, runningFor: 0 })
const busy = (load: number, secondsPerJob: number, runningFor = 0): Candidate => ({
  load,
  secondsPerJob,
  runningFor,
})

test('an idle server comes before one that works, and the quicker of the idle ones first', () => {
  const [slow, quick, working] = [idle(5), idle(1), busy(1, 0.1)]
  assert.equal(chooseBest([working, slow, quick]), quick)
  assert.equal(chooseBest([working, slow]), slow)
  assert.equal(chooseBest([]), undefined)
})

test('of those that work the one that is done first gets the job', () => {
  const [nearlyDone, justBegun] = [busy(1, 10, 9), busy(1, 10, 0)]
  assert.equal(chooseBest([justBegun, nearlyDone]), nearlyDone)
})

test('as long as there is much to do, the slowest helps too', () => {
  assert.equal(isWorthwhile(idle(50), [busy(2, 1), busy(2, 1)], 1000), true)
})

test('a slow server gets no job that the others would have done sooner with all the rest', () => {
  assert.equal(isWorthwhile(idle(50), [busy(1, 10), busy(1, 10)], 3), false)
  assert.equal(isWorthwhile(idle(50), [busy(1, 10), busy(1, 10)], 10), true)
})

test('alone, or beside servers of unknown speed, it always gets the job', () => {
  assert.equal(isWorthwhile(idle(50), [], 1), true)
  assert.equal(isWorthwhile(idle(50), [idle()], 1), true)
})
