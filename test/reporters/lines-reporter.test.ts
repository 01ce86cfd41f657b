import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { createLinesReporter } from '../../src/reporters/lines-reporter.ts'
import { ended, FakeStream, finished, sampling, saved, started } from './story.ts'

/** A reporter whose time the test lets pass. */
function rig(): {
  readonly stdout: FakeStream
  readonly stderr: FakeStream
  readonly timers: Set<() => void>
  readonly send: (...events: readonly RunEvent[]) => void
  readonly pass: (milliseconds: number) => void
  readonly close: () => void
} {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()]
  const timers = new Map<() => void, number>()
  let now = 0
  const { sink, close } = createLinesReporter({
    stdout,
    stderr,
    color: false,
    now: () => now,
    setTimer: (callback, milliseconds) => {
      const timer = (): void => callback()
      timers.set(timer, now + milliseconds)
      return () => timers.delete(timer)
    },
  })
  return {
    stdout,
    stderr,
    get timers() {
      return new Set(timers.keys())
    },
    send: (...events) => events.forEach(sink),
    pass(milliseconds) {
      now += milliseconds
      for (const [timer, due] of timers) {
        if (due > now) continue
        timers.delete(timer)
        timer()
      }
    },
    close,
  }
}

test('one line for a job, results on stdout, a summary', () => {
  const { stdout, stderr, send, close } = rig()
  send(
    started(2),
    ...sampling(1, 3),
    saved(1),
    finished(1),
    ...sampling(2, 3),
    saved(2),
    finished(2),
    ended(2),
  )
  close()
  assert.deepEqual(stdout.lines, ['out/fox_1.png', 'out/fox_2.png'])
  assert.deepEqual(stderr.lines, [
    '[1/2] done  fox_1.png  12.3 s',
    '[2/2] done  fox_2.png  12.3 s',
    '2 jobs: 2 done; 2 files; 4 min 10 s',
  ])
})

test('a job that takes long gives a sign of life, at most every 30 seconds', () => {
  const { stderr, send, pass } = rig()
  send(started(2))
  pass(10_000)
  send(...sampling(1, 3))
  pass(10_000)
  assert.deepEqual(stderr.lines, [])
  pass(10_000)
  assert.deepEqual(stderr.lines, ['[1/2] running  fox_1  node 2/4 KSampler  step 3/20  20 s'])
  send({ type: 'sampler-step', job: 1, node: '3', step: 4, steps: 20 })
  pass(29_999)
  assert.equal(stderr.lines.length, 1)
  pass(1)
  assert.equal(stderr.lines[1], '[1/2] running  fox_1  node 2/4 KSampler  step 4/20  50 s')
})

test('any other line is a sign of life, too', () => {
  const { stderr, send, pass } = rig()
  send(started(1), ...sampling(1, 3))
  pass(20_000)
  send({ type: 'job-warning', job: 1, message: 'odd' })
  pass(20_000)
  assert.deepEqual(stderr.lines, ['warning: odd'])
  pass(10_000)
  assert.equal(stderr.lines.length, 2)
})

test('a job that waits says so', () => {
  const { stderr, send, pass } = rig()
  send(started(1))
  pass(30_000)
  assert.deepEqual(stderr.lines, [])
  send({ type: 'job-submitted', job: 1, name: 'fox', server: '', promptId: '', nodes: 4 })
  pass(30_000)
  send({ type: 'job-queued', job: 1, ahead: 3 })
  pass(30_000)
  assert.deepEqual(stderr.lines, ['waiting  fox', 'waiting  fox  3 ahead'])
})

test('closing leaves no timer behind', () => {
  const rigged = rig()
  rigged.send(started(1), ...sampling(1, 3))
  assert.equal(rigged.timers.size, 1)
  rigged.close()
  assert.equal(rigged.timers.size, 0)
})
