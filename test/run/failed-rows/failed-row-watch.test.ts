import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobStatus, RunEvent } from '../../../src/events.ts'
import { FailedRowWatch } from '../../../src/run/failed-rows/failed-row-watch.ts'
import { all } from '../../plan/helpers.ts'

const finished = (job: number, status: JobStatus): RunEvent => ({
  type: 'job-finished',
  job,
  name: 'fox',
  status,
  seconds: 1,
  cached: false,
  files: [],
})
const skipped = (job: number, reason: 'done' | 'failed'): RunEvent => ({
  type: 'job-skipped',
  job,
  name: 'fox',
  reason,
  files: [],
})

/** The rows that fail if the jobs of these rows end as the events say. */
async function failedRows(rows: readonly number[], ...events: readonly RunEvent[]): Promise<number[]> {
  const watch = new FailedRowWatch()
  const jobs = rows.map((row, at) => ({ index: at + 1, row }))
  assert.deepEqual(await all(watch.watch(jobs)), jobs)
  for (const event of events) watch.hear(event)
  return [...watch.failed]
}

test('failed and lost jobs count, also those of an earlier run; cancelled ones do not', async () => {
  const failed = await failedRows(
    [1, 2, 3, 4, 5, 6],
    finished(1, 'done'),
    skipped(2, 'failed'),
    skipped(3, 'done'),
    finished(5, 'failed'),
    finished(4, 'cancelled'),
    finished(6, 'lost'),
  )
  assert.deepEqual(failed, [2, 5, 6])
})

test('copies of a row are one row', async () => {
  const rows = [1, 1, 2, 2, 3]
  assert.deepEqual(await failedRows(rows, finished(2, 'failed')), [1])
  assert.deepEqual(await failedRows(rows, finished(3, 'failed'), finished(4, 'failed')), [2])
  assert.deepEqual(await failedRows(rows, finished(5, 'failed')), [3])
})

test('events of jobs that are unknown, or end again, change nothing', async () => {
  assert.deepEqual(await failedRows([1], finished(7, 'failed')), [])
  assert.deepEqual(await failedRows([1], finished(1, 'done'), finished(1, 'failed')), [])
})
