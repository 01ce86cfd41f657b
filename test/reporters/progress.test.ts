import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { Progress } from '../../src/reporters/progress.ts'
import { finished, sampling, started } from './story.ts'

function after(events: readonly RunEvent[], now = 0): Progress {
  const progress = new Progress()
  for (const event of events) progress.apply(event, now)
  return progress
}

test('cached nodes count as done', () => {
  const { current } = after([started(1), ...sampling(1, 5)])
  assert.equal(current?.nodesDone, 2)
  assert.equal(current?.nodes, 4)
  assert.equal(current?.node, 'KSampler')
  assert.equal(current?.steps?.step, 5)
})

test('a title is shown where it adds something, and a node made at run time by its id', () => {
  const node = { type: 'node-started', job: 1, node: '4.0.2' } as const
  const label = (event: RunEvent): string | undefined => after([...sampling(1, 1), event]).current?.node
  assert.equal(label({ ...node, classType: 'KSampler', title: 'Base\npass' }), 'KSampler "Base pass"')
  assert.equal(label({ ...node, classType: '' }), 'node 4.0.2')
})

test('nodes made at run time never make more nodes done than there are', () => {
  const extra = ['a', 'b', 'c', 'd'].map((node): RunEvent => ({ type: 'node-finished', job: 1, node }))
  assert.equal(after([...sampling(1, 1), ...extra]).current?.nodesDone, 4)
})

test('steps end with their node', () => {
  const other: RunEvent = { type: 'node-finished', job: 1, node: '8' }
  assert.equal(after([...sampling(1, 3), other]).current?.steps?.step, 3)
  assert.equal(after([...sampling(1, 3), { ...other, node: '3' }]).current?.steps, undefined)
})

test('the speed is that of the steps since the first one told, and begins anew with a new count', () => {
  const progress = after(sampling(1, 1), 1000)
  const step = (step: number, now: number): number | undefined => {
    progress.apply({ type: 'sampler-step', job: 1, node: '3', step, steps: 20 }, now)
    return progress.current?.steps?.rate
  }
  assert.equal(step(2, 1500), 2)
  assert.equal(step(5, 2000), 4)
  assert.equal(step(1, 2500), undefined) // pitfall 47
  assert.equal(step(2, 3500), 1)
})

test('the job that began last is looked at, then the one that waits', () => {
  const progress = after([started(3), ...sampling(1, 1)], 1)
  progress.apply({ type: 'job-submitted', job: 2, name: 'b', server: '', promptId: '', nodes: 1 }, 2)
  progress.apply({ type: 'job-queued', job: 2, ahead: 1 }, 2)
  assert.equal(progress.current?.job, 1)
  progress.apply({ type: 'job-started', job: 2 }, 3)
  assert.equal(progress.current?.job, 2)
  progress.apply(finished(2), 4)
  assert.equal(progress.current?.job, 1)
  progress.apply(finished(1), 4)
  assert.equal(progress.current, undefined)
  assert.equal(progress.ended, 2)
})

test('the time left follows from the jobs that ended', () => {
  const progress = after([started(5), ...sampling(1, 1)], 10_000)
  assert.equal(progress.secondsLeft(20_000), undefined)
  progress.apply(finished(1), 20_000)
  progress.apply(finished(2, { status: 'failed' }), 30_000)
  assert.equal(progress.secondsLeft(30_000), 30)
  assert.equal(progress.failed, 1)
})

test('of files that are looked for it is known how many, until a job is told of', () => {
  const progress = after([started(3), { type: 'files-checked', jobs: 2 }], 0)
  assert.deepEqual([progress.filesFound, progress.ended], [2, 0])
  progress.apply({ type: 'job-skipped', job: 1, name: 'fox_1', reason: 'done', files: [] }, 1)
  assert.deepEqual([progress.filesFound, progress.ended], [undefined, 1])
})

test('jobs that are skipped count as ended, and say nothing about the time left', () => {
  const progress = after([started(10)], 0)
  for (const job of [1, 2, 3, 4, 5]) {
    const reason = job === 5 ? 'failed' : 'done'
    progress.apply({ type: 'job-skipped', job, name: `fox_${job}`, reason, files: [] }, 1)
  }
  assert.deepEqual([progress.ended, progress.failed], [5, 1])
  for (const event of sampling(6, 1)) progress.apply(event, 10_000)
  assert.equal(progress.secondsLeft(20_000), undefined)
  progress.apply(finished(6), 20_000)
  assert.equal(progress.secondsLeft(20_000), 40)
})
