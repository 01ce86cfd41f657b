import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summary } from '../../src/reporters/summary.ts'
import { ended, finished } from './story.ts'

test('an only job needs no summary', () => {
  assert.deepEqual(new Summary().lines(ended(1)), [])
})

test('counts that are zero are left out', () => {
  assert.deepEqual(new Summary().lines(ended(20)), ['20 jobs: 20 done; 20 files; 4 min 10 s'])
  const counts = { done: 1, failed: 2, cancelled: 3, notRun: 4, files: 1 }
  assert.deepEqual(new Summary().lines(ended(10, counts)), [
    '10 jobs: 1 done, 2 failed, 3 cancelled, 4 not run; 1 file; 4 min 10 s',
  ])
})

test('failures are grouped by message, the commonest first', () => {
  const summary = new Summary()
  const fail = (job: number, message: string): void =>
    summary.add(finished(job, { status: 'failed', error: { code: 'node-failed', message } }))
  fail(1, 'rare')
  for (const job of [2, 3, 4, 5]) fail(job, 'out of\nmemory')
  summary.add(finished(6))
  summary.add(finished(7, { status: 'cancelled', error: { code: 'job-cancelled', message: 'stopped' } }))
  assert.deepEqual(summary.lines(ended(7)).slice(1), [
    '  4 failed: out of memory (fox_2, fox_3, fox_4, and 1 more)',
    '  1 failed: rare (fox_1)',
  ])
})

test('many kinds of failure do not fill the screen', () => {
  const summary = new Summary()
  for (let job = 1; job <= 13; job += 1) {
    summary.add(finished(job, { status: 'failed', error: { code: 'internal', message: `fault ${job}` } }))
  }
  const lines = summary.lines(ended(13))
  assert.equal(lines.length, 12)
  assert.equal(lines.at(-1), '  3 failed for 3 other reasons')
})
