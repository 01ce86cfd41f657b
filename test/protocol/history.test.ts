import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHistoryEntry, readQueue } from '../../src/protocol/history.ts'
import type { JsonValue } from '../../src/protocol/json.ts'

const failure = {
  node_id: '3',
  node_type: 'KSampler',
  exception_type: 'RuntimeError',
  exception_message: 'bad\n',
}

function entry(status: JsonValue, outputs: JsonValue = {}): ReturnType<typeof readHistoryEntry> {
  return readHistoryEntry({ prompt: [1, 'p', {}, {}, ['9', 10]], outputs, status })
}

test('a success, with what was accepted and what was cached', () => {
  const messages = [
    ['execution_start', { prompt_id: 'p' }],
    ['execution_cached', { nodes: ['4', 5] }],
    ['execution_success', { prompt_id: 'p' }],
  ]
  assert.deepEqual(entry({ status_str: 'success', completed: true, messages }, { '9': {} }), {
    status: 'success',
    outputs: { '9': {} },
    cached: ['4', '5'],
    accepted: ['9', '10'],
  })
})

test('a success tells how long it took, by the clock of the server', () => {
  const messages = [
    ['execution_start', { prompt_id: 'p', timestamp: 1000 }],
    ['execution_success', { prompt_id: 'p', timestamp: 1250 }],
  ]
  assert.equal(entry({ status_str: 'success', messages }).seconds, 0.25)
  assert.equal(entry({ status_str: 'success', messages: messages.slice(1) }).seconds, undefined)
})

test('an error names the node, whatever the status says', () => {
  // A loop that is only met while running leaves the success flag of the prompt before.
  const record = entry({ status_str: 'success', messages: [['execution_error', failure]] })
  assert.equal(record.status, 'error')
  assert.deepEqual(record.failure, {
    node: '3',
    classType: 'KSampler',
    exceptionType: 'RuntimeError',
    message: 'bad',
  })
})

test('an interruption is an error with another message', () => {
  assert.equal(
    entry({ status_str: 'error', messages: [['execution_interrupted', {}]] }).status,
    'interrupted',
  )
})

test('a blocked node alone is no failure', () => {
  const blocked = { ...failure, exception_type: 'ExecutionBlocked' }
  assert.equal(entry({ status_str: 'success', messages: [['execution_error', blocked]] }).status, 'success') // pitfall 8
})

test('an error without messages is an error without a reason', () => {
  assert.deepEqual(entry({ status_str: 'error' }).failure, undefined)
  assert.equal(entry({ status_str: 'error' }).status, 'error')
})

test('entries of old servers and forks, without a status, are successes', () => {
  assert.equal(entry(null).status, 'success')
  assert.equal(readHistoryEntry({ outputs: { '9': {} } }).status, 'success')
  assert.equal(readHistoryEntry({}).accepted, undefined)
})

test('messages of odd shapes are skipped', () => {
  assert.equal(entry({ messages: ['x', [], ['execution_error'], ['execution_error', 3]] }).status, 'success')
})

test('the queue in the order of execution: by number, then by id', () => {
  const item = (number: JsonValue, id: JsonValue): JsonValue => [number, id, {}, {}, []]
  const body = {
    queue_running: [item(3, 'r')],
    queue_pending: [item(5, 'b'), item(0.5, 'c'), item(5, 'a'), item(-4, 'd')],
  }
  const { running, pending } = readQueue(body) // pitfall 45
  assert.deepEqual(running, [{ number: 3, promptId: 'r' }])
  assert.deepEqual(
    pending.map(({ promptId }) => promptId),
    ['d', 'c', 'a', 'b'],
  )
})

test('a queue of odd shape is empty', () => {
  assert.deepEqual(readQueue({}), { running: [], pending: [] })
  assert.deepEqual(readQueue({ queue_running: [3, [1], [1, 2]] }).running, [])
})
