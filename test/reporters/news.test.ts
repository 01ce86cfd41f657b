import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { News } from '../../src/reporters/news.ts'
import { ended, finished, sampling, saved, started } from './story.ts'

const server = 'http://gpu'
const unreachable = { code: 'server-unreachable', message: 'no answer' } as const

const told: readonly (readonly [RunEvent, string])[] = [
  [
    { type: 'server-connected', server, rehearsal: true },
    'note: http://gpu only rehearses: no picture of it comes from a model',
  ],
  [
    { type: 'server-lost', server, reason: 'socket\x07 closed' },
    'warning: lost http://gpu: socket closed; trying again',
  ],
  [{ type: 'server-recovered', server }, 'note: http://gpu answers again'],
  [{ type: 'server-warning', server, message: 'o\x07dd' }, `warning: ${server}: odd`],
  [{ type: 'job-warning', job: 2, message: 'odd' }, '[2/3] warning: odd'],
  [finished(1), '[1/3] done  fox_1.png  12.3 s'],
  [
    { type: 'run-stopping', cancelling: false, reason: 'Ctrl-C' },
    'stopping (Ctrl-C): finishing what runs; once more cancels it',
  ],
  [{ type: 'run-stopping', cancelling: true, reason: 'SIGTERM' }, 'stopping (SIGTERM): cancelling what runs'],
  [ended(3), '3 jobs: 3 done; 3 files; 4 min 10 s'],
]

test('what a person should read', () => {
  const news = new News(false)
  news.tell(started(3))
  for (const [event, line] of told) assert.deepEqual(news.tell(event), [line])
})

test('what is no news', () => {
  const news = new News(false)
  const events: RunEvent[] = [
    ...sampling(1, 3),
    saved(1),
    { type: 'server-connected', server, rehearsal: false },
  ]
  assert.deepEqual(
    events.flatMap((event) => news.tell(event)),
    [],
  )
})

test('the error that ended a run comes before the summary', () => {
  const news = new News(false)
  const lines = news.tell(ended(3, { done: 0, notRun: 3, files: 0, error: unreachable }))
  assert.match(lines[0] ?? '', /^error: no answer +\[server-unreachable\]$/)
  assert.equal(lines[1], '3 jobs: 0 done, 3 not run; 0 files; 4 min 10 s')
})

test('only what went wrong', () => {
  const news = new News(false)
  const all = [started(3), ...told.map(([event]) => event)]
  assert.deepEqual(
    all.flatMap((event) => news.tellErrors(event)),
    [],
  )
  assert.equal(news.tellErrors(finished(2, { status: 'failed', error: unreachable })).length, 2)
  assert.equal(news.tellErrors(ended(3, { error: unreachable })).length, 1)
})
