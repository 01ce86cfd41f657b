import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { readTruth } from '../../src/comfy/truth.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

const version = (comfyui_version: string) => capabilitiesOf({ system: { comfyui_version } }, undefined)
const modern = version('0.33.0')
const old = version('0.3.64')
const item = (number: number, id: string) => [number, id, {}, {}, []]
const empty = { json: { queue_running: [], queue_pending: [] } }
const finished = { json: { ours: { outputs: {}, status: { status_str: 'success' } } } }

test('an old server: the queue is read before the history', async (t) => {
  const server = await startScripted(t, { 'GET /queue': empty, 'GET /history/ours': finished })
  const truth = await readTruth(accessOf(t, server), old, 'ours')
  assert.equal(truth.state, 'ended')
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/queue', '/history/ours'], // pitfall 4
  )
})

test('where a waiting prompt stands: the pending part is in heap order', async (t) => {
  const queue = {
    queue_running: [item(1, 'x')],
    queue_pending: [item(2, 'y'), item(9, 'ours'), item(3, 'z')],
  }
  const routes = { 'GET /queue': { json: queue }, 'GET /api/jobs/ours': { json: { status: 'pending' } } }
  for (const capabilities of [old, modern]) {
    const server = await startScripted(t, routes)
    assert.deepEqual(await readTruth(accessOf(t, server), capabilities, 'ours'), {
      state: 'pending',
      ahead: 3,
    }) // pitfall 45
  }
})

test('a running prompt', async (t) => {
  const queue = { json: { queue_running: [item(1, 'ours')], queue_pending: [] } }
  const routes = { 'GET /queue': queue, 'GET /api/jobs/ours': { json: { status: 'in_progress' } } }
  for (const capabilities of [old, modern]) {
    const server = await startScripted(t, routes)
    assert.deepEqual(await readTruth(accessOf(t, server), capabilities, 'ours'), { state: 'running' })
  }
})

test('the jobs API tells an unknown prompt in one call', async (t) => {
  const server = await startScripted(t, { 'GET /api/jobs/ours': { status: 404, json: {} } })
  assert.deepEqual(await readTruth(accessOf(t, server), modern, 'ours'), { state: 'unknown' })
  assert.equal(server.requests.length, 1)
})

test('a prompt that began while it was asked for is running', async (t) => {
  const queue = { json: { queue_running: [item(1, 'ours')], queue_pending: [] } }
  const server = await startScripted(t, {
    'GET /queue': queue,
    'GET /api/jobs/ours': { json: { status: 'pending' } },
  })
  assert.deepEqual(await readTruth(accessOf(t, server), modern, 'ours'), { state: 'running' })
})

test('finished, whatever the jobs API calls it, is what the history says', async (t) => {
  for (const status of ['completed', 'failed', 'cancelled', 'newer']) {
    const server = await startScripted(t, {
      'GET /api/jobs/ours': { json: { status } },
      'GET /history/ours': finished,
    })
    assert.equal((await readTruth(accessOf(t, server), modern, 'ours')).state, 'ended', status)
  }
})

test('a job whose history was cleared is unknown', async (t) => {
  const server = await startScripted(t, { 'GET /queue': empty, 'GET /history/ours': { json: {} } })
  assert.deepEqual(await readTruth(accessOf(t, server), old, 'ours'), { state: 'unknown' })
})

test('a gateway page is no truth', async (t) => {
  const server = await startScripted(t, { 'GET /api/jobs/ours': { status: 502, body: '<html></html>' } })
  await assert.rejects(readTruth(accessOf(t, server), modern, 'ours'), { code: 'server-unreachable' })
})
