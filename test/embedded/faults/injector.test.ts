import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, type Answer } from '../../../src/embedded/answer.ts'
import type { FaultKind, Place, Victim } from '../../../src/embedded/faults/fault.ts'
import { Injector } from '../../../src/embedded/faults/injector.ts'
import type { QueueItem } from '../../../src/embedded/item.ts'
import type { Asked } from '../../../src/embedded/router.ts'

const item: QueueItem = { number: 0, promptId: 'p', graph: {}, extraData: {}, outputs: [] }
const magnitude = { time: 0, share: 0, count: 0, text: '' }
const asked = (path: string): Asked => ({
  method: 'GET',
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
})
const handle = async (): Promise<Answer> => json('plain')

/** An injector with one fault, which notes in `log` where it happened. */
function inject(place: Place, times: number, hooks: 'moment' | 'request' | 'begin') {
  const log: string[] = []
  let at = ''
  const kind: FaultKind = {
    name: 'test',
    summary: '',
    scenario: 1,
    make: () => ({
      ...(hooks === 'moment' && { moment: () => void log.push(at) }),
      ...(hooks === 'begin' && { begin: async () => void log.push(at) }),
      ...(hooks === 'request' && {
        request: {
          concerns: ({ path }) => path !== '/other',
          answer: async ({ path }) => {
            log.push(`${at} ${path}`.trim())
            return json('spoilt')
          },
        },
      }),
    }),
  }
  const injector = new Injector([{ kind, place, times, magnitude }])
  injector.attach({} as Victim)
  return {
    injector,
    log,
    job: async (number: number, steps = 0) => {
      at = `job ${number}`
      await injector.begin(item)
      for (let step = 1; step <= steps; step += 1) {
        at = `job ${number}, step ${step}`
        await injector.step({ promptId: 'p', node: '1', step, steps })
      }
    },
    ask: async (path: string) => (await injector.request(asked(path), handle)).body,
  }
}

test('a fault happens once, at its place', async () => {
  const { injector, log, job } = inject({ job: 2, step: 2 }, 1, 'moment')
  for (const number of [1, 2, 3]) await job(number, 3)
  assert.deepEqual(log, ['job 2, step 2'])
  assert.deepEqual([...injector.seen], [['test', 1]])
})

test('or as often as it is told', async () => {
  const { log, job } = inject({ step: 2 }, 2, 'moment')
  for (const number of [1, 2, 3]) await job(number, 3)
  assert.deepEqual(log, ['job 1, step 2', 'job 2, step 2'])
})

test('@job is from that prompt on, @every each so many', async () => {
  const from = inject({ job: 2 }, Infinity, 'begin')
  for (const number of [1, 2, 3]) await from.job(number)
  assert.deepEqual(from.log, ['job 2', 'job 3'])
  const every = inject({ every: 2 }, Infinity, 'moment')
  for (const number of [1, 2, 3, 4]) await every.job(number)
  assert.deepEqual(every.log, ['job 2', 'job 4'])
})

test('@request counts the requests that the fault is about', async () => {
  const { log, ask } = inject({ request: 2 }, 1, 'request')
  assert.equal(await ask('/one'), '"plain"')
  assert.equal(await ask('/other'), '"plain"')
  assert.equal(await ask('/two'), '"spoilt"')
  assert.equal(await ask('/three'), '"plain"')
  assert.deepEqual(log, ['/two'])
})

test('a request fault with @step waits for that step', async () => {
  const { log, job, ask } = inject({ step: 2 }, 1, 'request')
  await job(1, 1)
  await ask('/early')
  await job(2, 3)
  await ask('/due')
  assert.deepEqual(log, ['job 2, step 3 /due'])
})

test('what happens at a request happens before it is handled', async () => {
  const { log, ask } = inject({ request: 3 }, 1, 'moment')
  for (let count = 0; count < 4; count += 1) await ask('/any')
  assert.equal(log.length, 1)
})
