import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Chalk } from 'chalk'
import type { RunEvent } from '../../src/events.ts'
import { frame } from '../../src/reporters/bars-frame.ts'
import { Progress } from '../../src/reporters/progress.ts'
import { textWidth } from '../../src/reporters/text-width.ts'
import { finished, sampling, started } from './story.ts'

const paint = new Chalk({ level: 0 })

/** The frame after events that come one second after the other; the last one has just come. */
function frameAfter(events: readonly RunEvent[], columns = 80): string[] {
  const progress = new Progress()
  events.forEach((event, index) => progress.apply(event, index * 1000))
  return frame(progress, { now: (events.length - 1) * 1000, columns, paint })
}

const connected: RunEvent = { type: 'server-connected', server: 'http://gpu', rehearsal: false }
const step: RunEvent = { type: 'sampler-step', job: 1, node: '3', step: 10, steps: 20 }

test('an only job: its nodes, and the steps of its sampler', () => {
  assert.deepEqual(frameAfter([started(1), connected, ...sampling(1, 5), step]), [
    'nodes ███████████████░░░░░░░░░░░░░░░  2/4  KSampler  fox_1',
    'steps ███████████████░░░░░░░░░░░░░░░  10/20  5.0 it/s  2 s left',
  ])
})

test('one of several jobs: the whole run comes first', () => {
  const failed = finished(1, { status: 'failed' })
  const lines = frameAfter([started(4), connected, ...sampling(1, 5), failed, ...sampling(2, 1)])
  assert.deepEqual(lines, [
    'jobs  ███████░░░░░░░░░░░░░░░░░░░░░░░  1/4  1 failed  42 s left',
    'nodes ███████████████░░░░░░░░░░░░░░░  2/4  KSampler  fox_2',
    'steps █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  1/20',
  ])
})

test('before and between jobs', () => {
  assert.deepEqual(frameAfter([started(1)]), ['connecting', ''])
  assert.deepEqual(frameAfter([started(1), connected]), ['', ''])
  const [submitted] = sampling(1, 1)
  assert.ok(submitted)
  assert.deepEqual(frameAfter([started(1), connected, submitted]), ['fox_1  waiting', ''])
  const queued = { type: 'job-queued', job: 1, ahead: 3 } as const
  assert.deepEqual(frameAfter([started(1), connected, submitted, queued]), ['fox_1  waiting, 3 ahead', ''])
})

test('the files of a batch that was done are looked for', () => {
  const lines = frameAfter([started(4000), connected, { type: 'files-checked', jobs: 1000 }])
  assert.equal(lines[0], 'jobs  ███████░░░░░░░░░░░░░░░░░░░░░░░  1000/4000  looking for their files')
})

test('once all nodes are done there are files to fetch', () => {
  const rest = ['3', '8'].map((node): RunEvent => ({ type: 'node-finished', job: 1, node }))
  assert.deepEqual(frameAfter([started(1), connected, ...sampling(1, 5), ...rest]), [
    'nodes ██████████████████████████████  4/4  fetching files  fox_1',
    '',
  ])
})

test('what a node says stands beside it', () => {
  const text: RunEvent = { type: 'node-text', job: 1, node: '3', text: 'Status:\nqueued' }
  const [nodes] = frameAfter([started(1), connected, ...sampling(1, 5), text])
  assert.equal(nodes, 'nodes ███████████████░░░░░░░░░░░░░░░  2/4  KSampler: Status: queued  fox_1')
})

test('a slow sampler is told in seconds per step', () => {
  const slow = { ...step, step: 6 }
  const wait: RunEvent = { type: 'job-queued', job: 1, ahead: 0 }
  const [, steps] = frameAfter([started(1), connected, ...sampling(1, 5), wait, slow])
  assert.match(steps ?? '', / 6\/20 {2}2\.0 s\/it {2}28 s left$/)
})

test('no line is ever as wide as the terminal, whatever the names', () => {
  const wide: RunEvent = {
    type: 'node-started',
    job: 1,
    node: '3',
    classType: '日本語ノード'.repeat(9),
    title: '🦊'.repeat(9),
  }
  const events = [started(12), connected, ...sampling(1, 5), step, wide]
  for (let columns = 1; columns < 130; columns += 1) {
    for (const line of frameAfter(events, columns)) {
      assert.ok(textWidth(line) <= Math.max(0, columns - 1), `${columns}: ${line}`)
    }
  }
  assert.deepEqual(frameAfter(events, 24), [
    'jobs  0/12',
    'nodes 2/4  日本語ノー…',
    'steps 10/20  5.0 it/s …',
  ])
})
