import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorCode } from '../../src/errors.ts'
import type { JobFinished, RunEvent } from '../../src/events.ts'
import { createGithubReporter } from '../../src/reporters/github-reporter.ts'
import { ended, FakeStream, finished, sampling, saved, started } from './story.ts'

function shown(events: readonly RunEvent[]): { readonly log: string[]; readonly summary: string } {
  const log = new FakeStream()
  let summary = ''
  const saveSummary = (text: string): void => {
    summary += text
  }
  const reporter = createGithubReporter({ log, saveSummary })
  for (const event of events) reporter.sink(event)
  reporter.close()
  return { log: log.lines, summary }
}

function failed(job: number, code: ErrorCode = 'node-failed'): JobFinished {
  const origin = { file: 'shots.csv', line: job + 1 }
  return finished(job, { status: 'failed', origin, error: { code, message: 'no mask' } })
}

test('a run in which all goes well is not annotated', () => {
  const { log, summary } = shown([started(1), ...sampling(1, 1), saved(1), finished(1), ended(1)])
  assert.deepEqual(log, [])
  assert.match(summary, /all done \(1 job\)/)
})

test('a failed job is an error at its row, a warning a warning; a cancelled job is neither', () => {
  const cancelled = finished(2, { status: 'cancelled', error: { code: 'job-cancelled', message: 'stopped' } })
  const warning: RunEvent = { type: 'job-warning', job: 1, message: 'odd' }
  const other: RunEvent = { type: 'server-warning', server: 'gpu', message: 'old' }
  assert.deepEqual(shown([started(2), other, warning, failed(1), cancelled, ended(2)]).log, [
    '::warning title=comfy-run::gpu: old',
    '::warning title=comfy-run::odd',
    '::error file=shots.csv,line=2,title=comfy-run%3A node-failed::fox_1: no mask',
  ])
})

test('the error that ended the run is annotated', () => {
  const error = { code: 'server-unreachable', message: 'no answer' } as const
  assert.deepEqual(shown([started(1), ended(1, { error })]).log, [
    '::error title=comfy-run%3A server-unreachable::no answer',
  ])
})

test('no cause takes the place of the others, and no more are made than GitHub shows', () => {
  const many = Array.from({ length: 20 }, (_, index) => failed(index + 1))
  const other = failed(21, 'disk-failed')
  assert.equal(shown([...many, other]).log.length, 4)
  const codes = ['node-failed', 'disk-failed', 'no-output', 'internal'] as const
  const all = codes.flatMap((code) => [1, 2, 3].map((job) => failed(job, code)))
  assert.equal(shown(all).log.length, 10)
})

test('without a log there is the summary only', () => {
  let summary = ''
  const reporter = createGithubReporter({ saveSummary: (text) => (summary = text) })
  reporter.sink(failed(1))
  reporter.sink(ended(1, { done: 0, failed: 1, exitCode: 1 }))
  assert.match(summary, /\| 1 \| no mask \| node-failed \| shots\.csv\\:2 \|/)
})
