import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../../src/comfy/outcome.ts'
import type { ComfyServer } from '../../src/comfy/server.ts'
import { ComfyRunError } from '../../src/errors.ts'
import type { RunEvent } from '../../src/events.ts'
import type { Job } from '../../src/plan/job.ts'
import { attemptJob } from '../../src/run/attempts.ts'
import type { JobRun } from '../../src/run/job.ts'
import { Pool } from '../../src/run/pool/pool.ts'
import { ServerFolder } from '../../src/run/server-folder.ts'
import { Stop } from '../../src/run/stop.ts'

const job: Job = {
  index: 1,
  key: 'k',
  params: {},
  workflow: { nodes: new Map(), source: 'x' },
  uploads: [],
  name: 'fox',
}
const done: Outcome = { status: 'done', files: [], socketImages: [], texts: [], cached: false }
const unreachable = new ComfyRunError('server-unreachable', 'nothing listens there')

type Submit = (id: number) => Outcome | ComfyRunError

/** A server that ends each prompt as told; the prompts that it was given are in `sent`, those asked for in `asked`. */
function server(end: Submit, known: readonly string[] = []) {
  const sent: string[] = []
  const asked: string[] = []
  const prompt = (promptId: string, outcome: Outcome) => ({
    promptId,
    finished: Promise.resolve(outcome),
    cancel: async () => {},
  })
  const made = {
    name: 'http://server',
    capabilities: { rehearsal: false },
    refresh: async () => {},
    close: async () => {},
    submit: async ({ onSending }: { onSending: (ids: object) => Promise<void> }) => {
      const promptId = `p${sent.length + 1}`
      await onSending({ promptId, clientId: 'c' })
      sent.push(promptId)
      const outcome = end(sent.length)
      if (outcome instanceof ComfyRunError) throw outcome
      return prompt(promptId, outcome)
    },
    resume: async (promptId: string) => {
      asked.push(promptId)
      return known.includes(promptId) ? prompt(promptId, done) : undefined
    },
  }
  return { made: made as unknown as ComfyServer, sent, asked }
}

/** Runs the job without real waits: the timers of the retries are mocked. */
async function attempt(made: ComfyServer, options: { retries?: number; stop?: Stop } = {}) {
  const events: RunEvent[] = []
  const sink = (event: RunEvent): void => void events.push(event)
  const servers = [{ url: made.name }]
  const pool = await Pool.open({ servers, sink, remaining: () => 1, parts: { connect: async () => made } })
  const place = await pool.take(job)
  assert(place)
  const context = {
    jobs: [],
    count: 1,
    servers,
    out: '.',
    sink,
    stop: new Stop(),
    folder: new ServerFolder(),
  }
  let ended: JobRun | undefined
  const onEnd = (run: JobRun): void => {
    ended = run
  }
  await attemptJob(pool, place, job, { ...context, ...options }, { onEnd })
  const run = ended
  assert(run)
  await pool.close()
  return { run, warnings: events.filter(({ type }) => type === 'job-warning').length }
}

/** Makes every wait of the retries end at once. */
function withoutWaits(t: {
  mock: { method: (object: object, name: 'random', fake: () => number) => unknown }
}): void {
  t.mock.method(Math, 'random', () => 0)
}

test('a failure that may pass is tried again', async (t) => {
  withoutWaits(t)
  const { made, sent } = server((attempt) => (attempt === 1 ? unreachable : done))
  const { run, warnings } = await attempt(made)
  assert.deepEqual([run.finished.status, sent.length, warnings], ['done', 2, 1])
})

test('what the server may have got is looked up before it is sent again', async (t) => {
  withoutWaits(t)
  const { made, sent, asked } = server(() => unreachable, ['p1'])
  const { run } = await attempt(made)
  assert.deepEqual([run.finished.status, sent, asked], ['done', ['p1'], ['p1']])
})

test('no more often than --retries', async (t) => {
  withoutWaits(t)
  const { made, sent } = server(() => unreachable)
  const { run } = await attempt(made, { retries: 3 })
  assert.deepEqual([run.finished.status, run.error?.code, sent.length], ['failed', 'server-unreachable', 4])
})

test('what fails by its own fault is not tried again', async () => {
  const { made, sent } = server(() => new ComfyRunError('value-not-in-list', 'no such sampler'))
  const { run, warnings } = await attempt(made)
  assert.deepEqual([run.finished.status, sent.length, warnings], ['failed', 1, 0])
})

test('a stop ends the tries', async (t) => {
  withoutWaits(t)
  const stop = new Stop()
  const { made, sent } = server(() => {
    stop.raise('drain', 'Ctrl-C')
    return unreachable
  })
  await attempt(made, { stop })
  assert.equal(sent.length, 1)
})
