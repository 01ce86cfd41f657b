import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilitiesOf } from '../../src/comfy/capabilities.ts'
import { submitPrompt } from '../../src/comfy/submit.ts'
import { accessOf, startScripted, type ScriptedRequest } from '../rig/scripted-server.ts'

const modern = capabilitiesOf({ system: { comfyui_version: '0.33.0' } }, { supports_preview_metadata: true })
const old = capabilitiesOf({ system: { comfyui_version: '0.3.30' } }, undefined)
const graph = { '1': { class_type: 'SaveImage', inputs: {} } }
const submission = { graph, clientId: 'client', extraData: {} }
const unknown = { status: 404, json: { error: 'Job not found' } }
const idOf = ({ body }: ScriptedRequest): string => JSON.parse(body.toString()).prompt_id
const accept = (request: ScriptedRequest) => ({
  json: { prompt_id: idOf(request), number: 1, node_errors: {} },
})

test('an old server makes an id of its own, and it is adopted', async (t) => {
  const server = await startScripted(t, { 'POST /prompt': { json: { prompt_id: 'theirs', number: 1 } } })
  const accepted = await submitPrompt(accessOf(t, server), old, submission)
  assert.deepEqual(accepted, { promptId: 'theirs', dropped: [] }) // pitfall 34
})

test('the answer got lost, but the server has the prompt: it is not sent again', async (t) => {
  const server = await startScripted(t, {
    'POST /prompt': { cut: true },
    'GET /api/jobs/*': { json: { status: 'in_progress' } },
  })
  const { promptId } = await submitPrompt(accessOf(t, server), modern, submission)
  assert.equal(server.to('POST /prompt').length, 1) // pitfall 36
  assert.equal(promptId, idOf(server.to('POST /prompt')[0] as ScriptedRequest))
})

test('the answer got lost, and the prompt too: it is sent again under another id', async (t) => {
  let count = 0
  const server = await startScripted(t, {
    'POST /prompt': (request) => {
      count += 1
      return count === 1 ? { cut: true } : accept(request)
    },
    'GET /api/jobs/*': unknown,
  })
  const { promptId } = await submitPrompt(accessOf(t, server), modern, submission)
  const ids = server.to('POST /prompt').map(idOf)
  assert.equal(new Set(ids).size, 2) // pitfall 36
  assert.equal(promptId, ids[1])
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ['POST', 'GET', 'GET', 'POST'],
  )
})

test('while the server can not say whether it has the prompt, it is not sent again', async (t) => {
  const server = await startScripted(t, { 'POST /prompt': { cut: true }, 'GET /api/jobs/*': { cut: true } })
  await assert.rejects(submitPrompt(accessOf(t, server), modern, submission), { code: 'server-unreachable' })
  assert.equal(server.to('POST /prompt').length, 1) // pitfall 36
})

test('a prompt that turns up late is taken up, and not sent again', async (t) => {
  let asked = 0
  const server = await startScripted(t, {
    'POST /prompt': { cut: true },
    'GET /api/jobs/*': () => {
      asked += 1
      return asked === 1 ? unknown : { json: { status: 'in_progress' } }
    },
  })
  await submitPrompt(accessOf(t, server), modern, submission)
  assert.equal(server.to('POST /prompt').length, 1)
})

test('an old server may have queued it under its own id: it is not sent again', async (t) => {
  const server = await startScripted(t, {
    'POST /prompt': { cut: true },
    'GET /queue': { json: { queue_running: [], queue_pending: [] } },
    'GET /history/*': { json: {} },
  })
  await assert.rejects(submitPrompt(accessOf(t, server), old, submission), { code: 'server-unreachable' })
  assert.equal(server.to('POST /prompt').length, 1)
})

test('a 500 for a prompt that was queued all the same', async (t) => {
  const server = await startScripted(t, {
    'POST /prompt': { status: 500, body: '500 Internal Server Error' },
    'GET /api/jobs/*': { json: { status: 'in_progress' } },
  })
  const { promptId } = await submitPrompt(accessOf(t, server), modern, submission) // pitfall 37
  assert.equal(promptId, idOf(server.to('POST /prompt')[0] as ScriptedRequest))
})

test('too many requests: it waits as long as it is told', async (t) => {
  let count = 0
  const server = await startScripted(t, {
    'POST /prompt': (request) => {
      count += 1
      return count === 1 ? { status: 429, headers: { 'retry-after': '0.01' }, json: {} } : accept(request)
    },
    'GET /api/jobs/*': unknown,
  })
  await submitPrompt(accessOf(t, server), modern, submission)
  assert.equal(count, 2) // pitfall 56
})

test('what no other try would change', async (t) => {
  const cases = [
    [400, '{"error":{"type":"prompt_no_outputs","message":"m"}}', 'workflow-rejected'],
    [400, '<html>Bad Request</html>', 'not-comfyui'],
    [401, '', 'server-refused'],
    [413, 'Maximum request body size 1 exceeded.', 'workflow-rejected'], // pitfall 31
    [500, 'Server got itself in trouble', 'workflow-rejected'],
    [200, '<html>Log in</html>', 'not-comfyui'], // pitfall 54
  ] as const
  for (const [status, body, code] of cases) {
    const server = await startScripted(t, { 'POST /prompt': { status, body }, 'GET /api/jobs/*': unknown })
    await assert.rejects(submitPrompt(accessOf(t, server), modern, submission), { code }, `${status} ${body}`)
    assert.equal(server.to('POST /prompt').length, 1)
  }
})

test('submitting can be given up while it waits', { timeout: 10_000 }, async (t) => {
  const stop = new AbortController()
  const server = await startScripted(t, {
    'POST /prompt': { status: 503, headers: { 'retry-after': '15' }, json: {} },
    'GET /api/jobs/*': () => {
      setImmediate(() => stop.abort())
      return unknown
    },
  })
  const given = submitPrompt(accessOf(t, server), modern, { ...submission, signal: stop.signal })
  await assert.rejects(given, { name: 'AbortError' })
})

test('dropped outputs come with the acceptance', async (t) => {
  const node_errors = { b: { errors: [{ type: 't', message: 'm' }], class_type: 'C' } }
  const server = await startScripted(t, {
    'POST /prompt': { json: { prompt_id: 'p', number: 1, node_errors } },
  })
  const { dropped } = await submitPrompt(accessOf(t, server), modern, submission)
  assert.deepEqual(
    dropped.map(({ node, message }) => [node, message]),
    [['b', 'm']], // pitfall 1
  )
})
