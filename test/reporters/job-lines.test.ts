import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobLines } from '../../src/reporters/job-lines.ts'
import { finished } from './story.ts'

function jobLines(jobs: number): JobLines {
  const lines = new JobLines(false)
  lines.begin({ jobs, out: 'out' })
  return lines
}

const oom = {
  code: 'out-of-memory',
  message: 'KSampler ran out of memory',
  hint: 'try a smaller --size',
} as const

test('a job that is done: its number, first file and time', () => {
  const lines = jobLines(20)
  assert.deepEqual(lines.lines(finished(3)), ['[3/20] done  fox_3.png  12.3 s'])
  assert.deepEqual(lines.lines(finished(3, { cached: true })), ['[3/20] done  fox_3.png  12.3 s (cached)'])
  assert.deepEqual(lines.lines(finished(3, { files: ['out/a_1.png', 'out/a_2.png', 'out/a_3.png'] })), [
    '[3/20] done  a_1.png and 2 more  12.3 s',
  ])
  assert.deepEqual(lines.lines(finished(3, { files: [] })), ['[3/20] done  fox_3  12.3 s'])
})

test('an only job has no number, and its error stands alone', () => {
  assert.deepEqual(jobLines(1).lines(finished(1)), ['done  fox_1.png  12.3 s'])
  assert.deepEqual(jobLines(1).lines(finished(1, { status: 'failed', error: oom })), [
    'error: KSampler ran out of memory                     [out-of-memory]\n  hint: try a smaller --size',
  ])
})

test('an error is told in full once, then briefly', () => {
  const lines = jobLines(20)
  assert.deepEqual(lines.lines(finished(4, { status: 'failed', error: oom })), [
    '[4/20] failed  fox_4  12.3 s',
    'error: KSampler ran out of memory                     [out-of-memory]\n  hint: try a smaller --size',
  ])
  assert.deepEqual(lines.lines(finished(5, { status: 'lost', error: oom })), [
    '[5/20] lost  fox_5  12.3 s: KSampler ran out of memory',
  ])
  assert.equal(lines.lines(finished(6, { status: 'failed', error: { ...oom, hint: 'other' } })).length, 2)
})

test('a cancelled job is no error', () => {
  const error = { code: 'job-cancelled', message: 'the run was stopped' } as const
  assert.deepEqual(jobLines(1).lines(finished(1, { status: 'cancelled', error })), [
    'cancelled  fox_1  12.3 s: the run was stopped',
  ])
})
