import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { Submissions } from '../../src/run/submissions.ts'

test('a job is waited for until it is queued, or has ended', async () => {
  const submissions = new Submissions()
  const heard: RunEvent[] = []
  const sink = submissions.watch((event) => heard.push(event))
  const over: number[] = []
  const waits = [1, 2].map(async (job) => {
    await submissions.of(job)
    over.push(job)
  })
  const event = { type: 'job-submitted', job: 2, name: 'b', server: 'x', promptId: 'p', nodes: 1 } as const
  sink({ type: 'job-started', job: 1 })
  sink(event)
  await waits[1]
  assert.deepEqual(over, [2])
  submissions.over(1)
  await waits[0]
  assert.deepEqual(over, [2, 1])
  assert.deepEqual(heard, [{ type: 'job-started', job: 1 }, event])
})
