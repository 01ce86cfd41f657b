import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cancelPrompt } from '../../src/comfy/cancel.ts'
import { send } from '../../src/comfy/http.ts'
import { readQueue } from '../../src/protocol/history.ts'
import { answerOf, exchanges, readScenario, requestOf } from '../rig/golden.ts'
import { accessTo, connectTo, submitRecorded } from '../rig/golden-runs.ts'
import { startReplay } from '../rig/replay.ts'

const limit = { timeout: 10_000 }
/** Vanished prompts are noticed by asking only. */
const asking = { pace: { beat: 20, patience: 60_000 } }

test('a server without ids in /interrupt: what runs is ours, so it is interrupted', limit, async (t) => {
  const scenario = readScenario('08a-interrupt-global')
  const replay = await startReplay(t, scenario, { version: '0.3.50' }) // pitfall 38
  const server = await connectTo(t, replay)
  const prompt = await submitRecorded(server, exchanges(scenario, 'POST', '/prompt')[0])
  await prompt.seen('step')
  await prompt.cancel()
  const outcome = await prompt.finished // pitfall 39
  assert.equal(outcome.status, 'cancelled')
  assert.equal(outcome.error?.code, 'job-cancelled')
  assert.deepEqual(outcome.files, [])
  const asked = replay.requests.map(({ method, path }) => `${method} ${path}`)
  const tail = asked.slice(asked.indexOf('POST /queue'), asked.indexOf('POST /interrupt') + 1)
  assert.deepEqual(tail, ['POST /queue', 'GET /queue', 'POST /interrupt'])
})

test(
  'an interrupt by a foreign id has no effect, one by our own ends it and keeps its files',
  limit,
  async (t) => {
    const scenario = readScenario('08b-interrupt-by-id')
    const replay = await startReplay(t, scenario, { version: '0.25.0' })
    const server = await connectTo(t, replay)
    const [warmUp, ours] = exchanges(scenario, 'POST', '/prompt')
    assert.equal((await (await submitRecorded(server, warmUp)).finished).status, 'done')
    const prompt = await submitRecorded(server, ours)
    await prompt.seen('step')
    const [foreign] = exchanges(scenario, 'POST', '/interrupt')
    assert.ok(foreign)
    await send(accessTo(t, replay), 'POST', 'interrupt', { json: requestOf(foreign) })
    await prompt.seen('step', 2)
    await prompt.cancel()
    const outcome = await prompt.finished
    assert.equal(outcome.status, 'cancelled')
    assert.deepEqual(
      outcome.files.map(({ node }) => node),
      ['21'],
    )
    const interrupt = replay.requests.findLast(({ path }) => path === '/interrupt')
    assert.deepEqual(JSON.parse(interrupt?.body ?? ''), { prompt_id: prompt.promptId })
  },
)

test('the jobs API: a waiting job vanishes, a running one is interrupted', limit, async (t) => {
  const scenario = readScenario('08c-jobs-cancel')
  const replay = await startReplay(t, scenario)
  const server = await connectTo(t, replay, asking)
  const access = accessTo(t, replay)
  const [first, second, third] = exchanges(scenario, 'POST', '/prompt')
  const running = await submitRecorded(server, first)
  const waiting = await submitRecorded(server, second)
  const waitingToo = await submitRecorded(server, third)

  await waiting.cancel()
  const cancelled = await waiting.finished
  assert.equal(cancelled.status, 'cancelled')
  assert.match(cancelled.error?.message ?? '', /taken from the queue before it ran/)

  // Somebody else cancels the other two at once.
  await running.seen('step')
  const [batch] = exchanges(scenario, 'POST', '/api/jobs/cancel')
  assert.ok(batch)
  await send(access, 'POST', 'api/jobs/cancel', { json: requestOf(batch) })
  assert.equal((await running.finished).status, 'cancelled')
  assert.equal((await waitingToo.finished).status, 'lost')

  // What has ended, or was never there, is not cancelled again.
  assert.equal(await cancelPrompt(access, server.capabilities, running.promptId), false)
  const unknown = exchanges(scenario, 'POST', '/api/jobs/8ab4c0df-1460-443a-9478-c4f6333ca6a5/cancel')
  assert.equal(unknown.length, 1)
  assert.equal(await cancelPrompt(access, server.capabilities, '8ab4c0df-1460-443a-9478-c4f6333ca6a5'), false)
  assert.ok(replay.requests.every(({ path }) => path !== '/interrupt' && path !== '/queue/clear'))
})

test('a job that somebody deletes from the queue is lost; the others go on', limit, async (t) => {
  const scenario = readScenario('09-queue-delete')
  const replay = await startReplay(t, scenario)
  const server = await connectTo(t, replay, asking)
  const prompts = []
  for (const event of exchanges(scenario, 'POST', '/prompt'))
    prompts.push(await submitRecorded(server, event))
  const access = accessTo(t, replay)
  for (const event of exchanges(scenario, 'POST', '/queue')) {
    await send(access, 'POST', 'queue', { json: requestOf(event) })
  }
  const outcomes = await Promise.all(prompts.map(async ({ finished }) => finished))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['done', 'lost', 'done', 'done'], // pitfall 4
  )
  assert.equal(outcomes[1]?.error?.code, 'job-lost')
})

test('a waiting job of ours is deleted from the queue of a server without the jobs API', limit, async (t) => {
  const scenario = readScenario('09-queue-delete')
  const replay = await startReplay(t, scenario, { version: '0.5.0' })
  const server = await connectTo(t, replay, asking)
  const prompts = []
  for (const event of exchanges(scenario, 'POST', '/prompt'))
    prompts.push(await submitRecorded(server, event))
  await prompts[1]?.seen('queued')
  await prompts[1]?.cancel()
  assert.equal((await prompts[1]?.finished)?.status, 'cancelled')
  const deletion = replay.requests.find(({ method, path }) => method === 'POST' && path === '/queue')
  assert.deepEqual(JSON.parse(deletion?.body ?? ''), { delete: [prompts[1]?.promptId] }) // pitfall 40
  assert.ok(replay.requests.every(({ path }) => path !== '/interrupt'))
})

test('the recorded queue in the order of execution', () => {
  const bodies = exchanges(readScenario('09-queue-delete'), 'GET', '/queue').map(answerOf)
  const numbers = bodies.map((body) => {
    const { running, pending } = readQueue(body)
    return [...running, ...pending].map(({ number }) => number)
  })
  assert.deepEqual(numbers, [
    [121, -123, 0.5, 122], // pitfall 45
    [121, -123, 0.5],
  ])
})
