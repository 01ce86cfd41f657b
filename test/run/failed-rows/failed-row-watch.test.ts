import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Where } from '../../../src/errors.ts'
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

/** The rows that fail if jobs with these origins end as the events say. */
async function failedRows(origins: readonly Where[], ...events: readonly RunEvent[]): Promise<number[]> {
  const watch = new FailedRowWatch()
  const jobs = origins.map((origin, at) => ({ index: at + 1, origin }))
  assert.deepEqual(await all(watch.watch(jobs)), jobs)
  for (const event of events) watch.hear(event)
  return [...watch.failed]
}

/** Where a row stands that is all on the file's only line. */
const onLineOne = (): Where => ({ file: 'shots.json', line: 1 })

test('failed and lost jobs count, also those of an earlier run; cancelled ones do not', async () => {
  const rows = Array.from({ length: 6 }, onLineOne)
  const failed = await failedRows(
    rows,
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
  const [first, second] = [onLineOne(), onLineOne()]
  const origins = [first, first, second, second, onLineOne()]
  assert.deepEqual(await failedRows(origins, finished(2, 'failed')), [1])
  assert.deepEqual(await failedRows(origins, finished(3, 'failed'), finished(4, 'failed')), [2])
  assert.deepEqual(await failedRows(origins, finished(5, 'failed')), [3])
})

test('events of jobs that are unknown, or end again, change nothing', async () => {
  assert.deepEqual(await failedRows([onLineOne()], finished(7, 'failed')), [])
  assert.deepEqual(await failedRows([onLineOne()], finished(1, 'done'), finished(1, 'failed')), [])
})
