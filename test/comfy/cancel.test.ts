import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cancelPrompt } from '../../src/comfy/cancel.ts'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

const version = (comfyui_version: string) => capabilitiesOf({ system: { comfyui_version } }, undefined)
const running = (id: string) => ({ json: { queue_running: [[1, id, {}, {}, []]], queue_pending: [] } })

test('a new server is asked in one call', async (t) => {
  const server = await startScripted(t, { 'POST /api/jobs/ours/cancel': { json: { cancelled: true } } })
  assert.equal(await cancelPrompt(accessOf(t, server), version('0.26.0'), 'ours'), true) // pitfall 38
  assert.equal(server.requests.length, 1)
})

test('an old server: deleted from the queue first, then interrupted if it runs', async (t) => {
  const server = await startScripted(t, {
    'POST /queue': { body: '' },
    'GET /queue': running('ours'),
    'POST /interrupt': { body: '' },
  })
  assert.equal(await cancelPrompt(accessOf(t, server), version('0.3.40'), 'ours'), true)
  assert.deepEqual(
    server.requests.map(({ method, path }) => `${method} ${path}`),
    ['POST /queue', 'GET /queue', 'POST /interrupt'],
  )
  assert.deepEqual(JSON.parse(String(server.requests[0]?.body)), { delete: ['ours'] }) // pitfall 40
})

test('another one that runs is never interrupted', async (t) => {
  const server = await startScripted(t, { 'POST /queue': { body: '' }, 'GET /queue': running('theirs') })
  assert.equal(await cancelPrompt(accessOf(t, server), version('0.3.40'), 'ours'), false)
  assert.equal(server.to('POST /interrupt').length, 0) // pitfall 38
})

test('a new version whose jobs route a proxy hides: the old way', async (t) => {
  const server = await startScripted(t, {
    'POST /api/jobs/ours/cancel': { status: 405, body: '405: Method Not Allowed' },
    'POST /queue': { body: '' },
    'GET /queue': running('ours'),
    'POST /interrupt': { body: '' },
  })
  assert.equal(await cancelPrompt(accessOf(t, server), version('0.33.0'), 'ours'), true)
  assert.equal(server.to('POST /interrupt').length, 1)
})
