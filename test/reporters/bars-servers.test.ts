import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Chalk } from 'chalk'
import type { RunEvent } from '../../src/events.ts'
import { frame } from '../../src/reporters/bars-frame.ts'
import { Progress } from '../../src/reporters/progress.ts'
import { sampling, started } from './story.ts'

const paint = new Chalk({ level: 0 })

function linesAfter(events: readonly RunEvent[]): string[] {
  const progress = new Progress()
  for (const event of events) progress.apply(event, 0)
  return frame(progress, { now: 0, columns: 80, paint })
}

test('each server has a line: what it works on, or that it does not', () => {
  const [a, b, c] = ['http://gpu-a:8188', 'http://gpu-b', 'https://gpu-c']
  const [submitted] = sampling(2, 1, b)
  assert.ok(submitted)
  const events = [started(4, [a, b, c]), ...sampling(1, 5, a), submitted]
  const left: RunEvent = { type: 'server-left', server: c, reason: 'gone' }
  assert.deepEqual(linesAfter([...events, left]), [
    'jobs  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0/4',
    'gpu-a:8188  ███████░░░░░░░░░░░░░░░░░░░░░░░  5/20  KSampler  fox_1',
    'gpu-b       fox_2  waiting',
    'gpu-c       away',
  ])
  const returned: RunEvent = { type: 'server-returned', server: c }
  assert.equal(linesAfter([...events, left, returned])[3], 'gpu-c       idle')
})

test('of very many servers the last ones share a line', () => {
  const servers = Array.from({ length: 20 }, (_, index) => `http://gpu-${index}`)
  const lines = linesAfter([started(100, servers), ...sampling(1, 5, 'http://gpu-15')])
  assert.equal(lines.length, 13)
  assert.equal(lines.at(-1), 'and 9 more: 1 working')
})
