import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { isType, startClient } from '../client.ts'

const save = { class_type: 'Save', inputs: { value: ['1', 0], mode: 'fast' } }
const good = { 1: { class_type: 'Number', inputs: { value: 1 } }, 2: save }
const failing = { ...good, 1: { class_type: 'Fail', inputs: { value: 3 } } }
const working = { ...good, 1: { class_type: 'Work', inputs: { value: 1, steps: 3 } } }

function idsOf({ jobs }: JsonObject): unknown[] {
  return (jobs as JsonObject[]).map(({ id }) => id)
}

test('every state of a job', async (t) => {
  const client = await startClient(t, { onStep: async () => new Promise(() => {}) })
  const listener = await client.socket('me')
  const completed = await client.prompt(good)
  const failed = await client.prompt(failing)
  const running = await client.prompt(working, { client_id: 'me' })
  await listener.until((frame) => isType(frame, 'progress'))
  const pending = await client.prompt(good)
  const stateOf = async (id: string) => (await client.get(`/api/jobs/${id}`)).json.status
  assert.equal(await stateOf(completed), 'completed')
  assert.equal(await stateOf(failed), 'failed')
  assert.equal(await stateOf(running), 'in_progress')
  assert.equal(await stateOf(pending), 'pending')

  const cancel = async (id: string) => (await client.post(`/api/jobs/${id}/cancel`)).json.cancelled
  assert.equal(await cancel(pending), true)
  assert.equal((await client.get(`/api/jobs/${pending}`)).status, 404)
  assert.equal(await cancel(running), true)
  await client.idle()
  assert.equal(await stateOf(running), 'cancelled')
  assert.equal(await cancel(running), false)
  assert.equal(await cancel('unknown'), false)

  assert.deepEqual(idsOf((await client.get('/api/jobs?sort_order=asc')).json), [completed, failed, running])
  const some = await client.get('/api/jobs?status=failed,completed&sort_order=asc&limit=1&offset=1')
  assert.deepEqual(idsOf(some.json), [failed])
  assert.deepEqual(some.json.pagination, { offset: 1, limit: 1, total: 2, has_more: false })
})

test('a failed job says why, a good one what it made', async (t) => {
  const client = await startClient(t)
  const [good_, bad] = [await client.prompt(good), await client.prompt(failing)]
  await client.idle()
  const job = (await client.get(`/api/jobs/${bad}`)).json
  assert.equal((job.execution_error as JsonObject).exception_type, 'ValueError')
  const { preview_output, outputs_count } = (await client.get(`/api/jobs/${good_}`)).json
  assert.equal(outputs_count, 1)
  assert.match(
    JSON.stringify(preview_output),
    /"subfolder":"","type":"output","nodeId":"2","mediaType":"images"/,
  )
})

test('jobs of one workflow', async (t) => {
  const client = await startClient(t)
  const extra_data = { extra_pnginfo: { workflow: { id: 'w1' } } }
  const id = await client.prompt(good, { extra_data })
  await client.prompt(good)
  await client.idle()
  assert.deepEqual(idsOf((await client.get('/api/jobs?workflow_id=w1')).json), [id])
})

test('bad questions are 400', async (t) => {
  const client = await startClient(t)
  for (const query of ['status=nope', 'limit=0', 'limit=x', 'offset=-1', 'sort_by=x', 'sort_order=x']) {
    const { status, json } = await client.get(`/api/jobs?${query}`)
    assert.equal(status, 400, query)
    assert.equal(typeof json.error, 'string')
  }
})

test('many are cancelled at once, if all ids are ids', async (t) => {
  const client = await startClient(t)
  const cancel = async (body: JsonObject | string) => client.post('/api/jobs/cancel', body)
  assert.deepEqual((await cancel({ job_ids: ['nope'] })).json, {
    error: 'job_ids contains invalid id(s)',
    invalid_ids: ['nope'],
  })
  assert.deepEqual((await cancel({})).json, { error: 'job_ids must be a list' })
  assert.deepEqual((await cancel('x')).json, { error: 'Request body must be valid JSON' })
  const unknown = '00000000-0000-0000-0000-000000000000'
  assert.deepEqual((await cancel({ job_ids: [unknown] })).json, { cancelled: false })
})
