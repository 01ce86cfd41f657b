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

test('a failure names its rows, not its jobs, where a file asked for them', () => {
  const summary = new Summary()
  for (const line of [2, 3, 4, 9, 2]) {
    const error = { code: 'node-failed', message: `fox_${line} has no mask` } as const
    summary.add(finished(line, { status: 'failed', origin: { file: 'shots.csv', line }, error }))
  }
  assert.deepEqual(summary.lines(ended(9, { failed: 5, done: 4 })), [
    '9 jobs: 4 done, 5 failed; 9 files; 4 min 10 s',
    '  5 failed: fox_2 has no mask (shots.csv:2-4, 9)',
  ])
})

test('jobs that an earlier run has settled are told in one line, however many', () => {
  const summary = new Summary()
  const skip = (job: number, reason: 'done' | 'failed'): void =>
    summary.add({ type: 'job-skipped', job, name: `fox_${job}`, reason, files: [] })
  for (let job = 1; job <= 12; job += 1) skip(job, 'done')
  skip(13, 'failed')
  assert.deepEqual(summary.lines(ended(14, { done: 1, failed: 1, skipped: 13, files: 1 })), [
    '14 jobs: 1 done, 12 skipped: done before, 1 skipped: failed before (--retry-failed runs them again); ' +
      '1 file; 4 min 10 s',
  ])
})

test('jobs that were skipped as a whole are counted, too', () => {
  assert.deepEqual(new Summary().lines(ended(3, { done: 0, skipped: 3, files: 0 })), [
    '3 jobs: 0 done, 3 skipped: done before; 0 files; 4 min 10 s',
  ])
})

test('that an only job was skipped is told', () => {
  const summary = new Summary()
  summary.add({ type: 'job-skipped', job: 1, name: 'fox', reason: 'done', files: ['out/fox.png'] })
  assert.deepEqual(summary.lines(ended(1, { done: 0, skipped: 1 })), ['1 skipped: done before'])
})

test('many kinds of failure do not fill the screen', () => {
  const summary = new Summary()
  for (let job = 1; job <= 13; job += 1) {
    summary.add(finished(job, { status: 'failed', error: { code: 'internal', message: `fault ${job}` } }))
  }
  const lines = summary.lines(ended(13))
  assert.equal(lines.length, 12)
  assert.equal(lines.at(-1), '  3 failed for other reasons')
})
