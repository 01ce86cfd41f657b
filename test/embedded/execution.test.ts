import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { WebSocket } from 'ws'
import { Cache } from '../../src/embedded/cache.ts'
import { Execution } from '../../src/embedded/execution.ts'
import { noHooks } from '../../src/embedded/hooks.ts'
import { Interruption } from '../../src/embedded/interruption.ts'
import type { EmbeddedNode } from '../../src/embedded/node.ts'
import { Sockets } from '../../src/embedded/sockets.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { isEnd, isType, startClient, type Listener } from './client.ts'
import { deferred } from './deferred.ts'

function graphOf(middle: string, inputs: JsonObject = {}): JsonObject {
  return {
    1: { class_type: 'Number', inputs: { value: 1 } },
    2: { class_type: middle, inputs: { value: ['1', 0], ...inputs } },
    3: { class_type: 'Save', inputs: { value: ['2', 0], mode: 'fast' } },
  }
}

function dataOf(listener: Listener, type: string): JsonObject {
  const frame = listener.frames.findLast((frame) => isType(frame, type))
  assert.ok(frame && isType(frame, type), `no ${type}`)
  return frame.data as JsonObject
}

test('a node that fails ends the prompt; the next one runs', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me')
  const id = await client.prompt(graphOf('Fail'), { client_id: 'me' })
  await listener.until(isEnd)
  const { timestamp, traceback, ...error } = dataOf(listener, 'execution_error')
  assert.equal(typeof timestamp, 'number')
  assert.ok(Array.isArray(traceback))
  assert.deepEqual(error, {
    prompt_id: id,
    node_id: '2',
    node_type: 'Fail',
    executed: ['1'],
    exception_message: 'this node fails\n',
    exception_type: 'ValueError',
    current_inputs: { value: [1] },
    current_outputs: ['1', '2', '3'],
  })
  const entry = (await client.get(`/history/${id}`)).json[id] as JsonObject
  assert.equal((entry.status as JsonObject).status_str, 'error')
  await client.prompt(graphOf('Work', { steps: 1 }))
  await client.idle()
  assert.equal(Object.keys((await client.get('/history')).json).length, 2)
})

test('an interrupted node ends the prompt at once', async (t) => {
  const client = await startClient(t, { stepMilliseconds: 3_600_000 })
  const listener = await client.socket('me')
  const id = await client.prompt(graphOf('Work', { steps: 5 }), { client_id: 'me' })
  await listener.until((frame) => isType(frame, 'executing') && (frame.data as JsonObject).node === '2')
  await client.post('/interrupt', { prompt_id: 'another' })
  assert.equal(((await client.get('/queue')).json.queue_running as unknown[]).length, 1)
  await client.post('/interrupt', { prompt_id: id })
  await listener.until(isEnd)
  assert.equal(dataOf(listener, 'execution_interrupted').node_id, '2')
  assert.equal((await client.get(`/api/jobs/${id}`)).json.status, 'cancelled')
})

test('an interrupt while nothing runs is forgotten', async (t) => {
  const client = await startClient(t)
  assert.equal((await client.post('/interrupt')).status, 200)
  const id = await client.prompt(graphOf('Work', { steps: 1 }))
  await client.idle()
  assert.equal((await client.get(`/api/jobs/${id}`)).json.status, 'completed')
})

test('the same again comes from the cache, with the file of the first', async (t) => {
  const client = await startClient(t)
  const graph = graphOf('Work', { steps: 1 })
  const first = await client.prompt(graph)
  await client.idle()
  const listener = await client.socket('me')
  const second = await client.prompt(graph, { client_id: 'me' })
  await listener.until(isEnd)
  assert.deepEqual(dataOf(listener, 'execution_cached').nodes, ['1', '2', '3'])
  assert.ok(!listener.kinds().slice(0, -1).includes('executing'))
  const { json } = await client.get('/history')
  assert.deepEqual((json[second] as JsonObject).outputs, (json[first] as JsonObject).outputs)
})

test('requests are answered between prompts that come from the cache', async (t) => {
  const held = deferred()
  const client = await startClient(t, { onStep: async () => held.promise })
  const listener = await client.socket('me')
  const graph = graphOf('Work', { steps: 1 })
  await client.prompt(graph, { client_id: 'me' })
  for (let count = 0; count < 200; count++) await client.prompt(graph)
  held.resolve()
  await listener.until(isEnd)
  const { json } = await client.get('/prompt')
  assert.ok(Number((json.exec_info as JsonObject).queue_remaining) > 0)
})

test('the files that a graph names are read when its run has begun', async () => {
  const seen: string[] = []
  const sockets = new Sockets(({ content }) => {
    if (typeof content === 'object' && 'type' in content) seen.push(content.type)
    return []
  })
  sockets.add(new EventEmitter() as WebSocket, 'me', 0, { client: undefined, node: undefined })
  const file: EmbeddedNode = {
    info: { input: { required: {} }, output: [], name: 'File', output_node: true },
    fingerprint: () => {
      seen.push('the file')
      return 'its hash'
    },
    run: () => ({ outputs: [] }),
  }
  const execution = new Execution(
    {
      number: 1,
      promptId: 'a',
      graph: { 1: { class_type: 'File', inputs: {} } },
      extraData: { client_id: 'me' },
      outputs: ['1'],
    },
    new Interruption(),
    {
      nodes: new Map([['File', file]]),
      folders: { input: '', output: '', temp: '' },
      sockets,
      cache: new Cache(),
      hooks: noHooks,
      stepMilliseconds: 0,
      previewMilliseconds: Infinity,
    },
  )
  assert.ok((await execution.run()).succeeded)
  assert.deepEqual(seen.slice(0, 4), ['status', 'execution_start', 'the file', 'execution_cached'])
})

test('a prompt in between empties the cache, and so does /free', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me')
  const cachedOf = async (graph: JsonObject) => {
    listener.frames.length = 0
    await client.prompt(graph, { client_id: 'me' })
    await listener.until(isEnd)
    return dataOf(listener, 'execution_cached').nodes
  }
  const a = graphOf('Work', { steps: 1 })
  const b = {
    1: { class_type: 'Number', inputs: { value: 9 } },
    3: { class_type: 'Send', inputs: { value: ['1', 0] } },
  }
  assert.deepEqual(await cachedOf(a), [])
  assert.deepEqual(await cachedOf(b), [])
  assert.deepEqual(await cachedOf(a), [])
  assert.deepEqual(await cachedOf(a), ['1', '2', '3'])
  await client.post('/free', { free_memory: true })
  assert.deepEqual(await cachedOf(a), [])
})

test('an image goes out between progress_state and progress, and leaves no trace', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me', { flags: true })
  const graph = {
    1: { class_type: 'Number', inputs: { value: 1 } },
    2: { class_type: 'Send', inputs: { value: ['1', 0] } },
  }
  const id = await client.prompt(graph, { client_id: 'me' })
  await listener.until(isEnd)
  const kinds = listener.kinds()
  const at = kinds.indexOf('binary 4')
  assert.deepEqual(kinds.slice(at - 1, at + 2), ['progress_state', 'binary 4', 'progress'])
  assert.ok(!kinds.includes('executed'))
  assert.deepEqual(((await client.get(`/history/${id}`)).json[id] as JsonObject).outputs, {})
})

test('progress is written in floats for a node and in integers for steps', async (t) => {
  const client = await startClient(t)
  const listener = await client.socket('me')
  const texts: string[] = []
  listener.socket.on('message', (data, isBinary) => {
    if (!isBinary) texts.push((data as Buffer).toString('utf8'))
  })
  await client.prompt(graphOf('Work', { steps: 2 }), { client_id: 'me' })
  await listener.until(isEnd)
  const states = texts.filter((text) => text.includes('progress_state')).join('\n')
  for (const part of ['"value": 0.0, "max": 1.0', '"value": 1.0, "max": 1.0', '"value": 1, "max": 2']) {
    assert.ok(states.includes(part), part)
  }
})
