import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { isType, startClient } from '../client.ts'
import { deferred } from '../deferred.ts'

const graph = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  2: { class_type: 'Save', inputs: { value: ['1', 0], mode: 'fast' } },
}
const blocker = {
  1: { class_type: 'Number', inputs: { value: 1 } },
  2: { class_type: 'Work', inputs: { value: ['1', 0], steps: 1 } },
  3: { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
}

test('ids are UUIDs in one form; null and none get one from the server', async (t) => {
  const client = await startClient(t)
  const post = async (prompt_id: JsonValue) => client.post('/prompt', { prompt: graph, prompt_id })
  for (const id of ['00000000-0000-0000-0000-000000000000', '018f3e3e-7b1c-7cc0-8f00-0123456789ab']) {
    assert.equal((await post(id)).json.prompt_id, id)
  }
  assert.match((await post(null)).json.prompt_id as string, /^[\da-f-]{36}$/)
  for (const id of [
    '',
    'x',
    7,
    ['x'],
    'C94D0E71-9805-4E71-AC9D-F3236D2ADB36',
    'c94d0e7198054e71ac9df3236d2adb36',
  ]) {
    const { status, json } = await post(id)
    assert.equal(status, 400)
    assert.equal((json.error as JsonObject).type, 'invalid_prompt_id')
  }
})

test('numbers: counted for refused prompts too, negative at the front, free to choose', async (t) => {
  const client = await startClient(t)
  const numberOf = async (more: JsonObject) =>
    (await client.post('/prompt', { prompt: graph, ...more })).json.number
  assert.equal(await numberOf({ front: true }), 0)
  assert.equal(await numberOf({}), 1)
  await client.post('/prompt', { prompt: {} })
  assert.equal(await numberOf({ front: true }), -3)
  assert.equal(await numberOf({ number: 0.5, front: true }), 0.5)
  assert.equal(await numberOf({ number: '7' }), 7)
  for (const number of ['x', null, []]) {
    assert.equal((await client.post('/prompt', { prompt: graph, number })).status, 500)
  }
})

test('API keys stay with the server', async (t) => {
  const client = await startClient(t)
  const extra_data = { api_key_comfy_org: 'secret-1', auth_token_comfy_org: 'secret-2', kept: true }
  const id = await client.prompt(graph, { extra_data, client_id: 'me' })
  await client.idle()
  const { text } = await client.get(`/history/${id}`)
  assert.match(text, /"kept": true, "client_id": "me", "create_time": \d+/)
  assert.doesNotMatch(text, /secret/)
})

test('extra_data must be an object', async (t) => {
  const client = await startClient(t)
  for (const extra_data of [null, 'x', []]) {
    assert.equal((await client.post('/prompt', { prompt: graph, extra_data })).status, 500)
    assert.equal((await client.post('/prompt', { prompt: {}, extra_data, client_id: 'me' })).status, 500)
    assert.equal((await client.post('/prompt', { prompt: {}, extra_data })).status, 400)
  }
})

test('targets narrow the outputs', async (t) => {
  const client = await startClient(t)
  const two = { ...graph, 3: graph[2], 13: graph[2] }
  const outputsOf = async (targets: JsonValue) => {
    const { status, json } = await client.post('/prompt', { prompt: two, partial_execution_targets: targets })
    if (status !== 200) return status
    await client.idle()
    const id = json.prompt_id as string
    return ((await client.get(`/history/${id}`)).json[id] as { prompt: JsonValue[] }).prompt[4]
  }
  assert.deepEqual(await outputsOf(['3']), ['3'])
  assert.deepEqual(await outputsOf(null), ['2', '3', '13'])
  assert.deepEqual(await outputsOf('13'), ['3', '13'])
  assert.equal(await outputsOf([3]), 400)
  assert.equal(await outputsOf([]), 400)
  assert.equal(await outputsOf(3), 500)
})

test('what waits runs by its number', async (t) => {
  const step = deferred()
  const client = await startClient(t, { onStep: async () => step.promise })
  const listener = await client.socket('me')
  await client.prompt(blocker, { client_id: 'me' })
  await listener.until((frame) => isType(frame, 'progress'))
  const last = await client.prompt(graph)
  const gone = await client.prompt(graph)
  const middle = await client.prompt(graph, { number: 0.5 })
  const first = await client.prompt(graph, { front: true })
  await client.post('/queue', { delete: [gone, 'unknown'] })
  const { json } = await client.get('/queue')
  assert.equal((json.queue_pending as unknown[]).length, 3)
  step.resolve()
  await client.idle()
  assert.deepEqual(Object.keys((await client.get('/history')).json).slice(1), [first, middle, last])
  assert.deepEqual((await client.get(`/history/${gone}`)).json, {})
})
