import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  featureFlagsMessage,
  isBlockedError,
  nodeFailure,
  parseMessage,
} from '../../src/protocol/messages.ts'

test('a message is a type and its data', () => {
  assert.deepEqual(parseMessage('{"type":"status","data":{"sid":"x"},"extra":1}'), {
    type: 'status',
    data: { sid: 'x' },
  })
})

test('messages of unknown types, and without data, are messages', () => {
  assert.deepEqual(parseMessage('{"type":"crystools.monitor","data":{"cpu":1}}')?.data, { cpu: 1 }) // pitfall 57
  assert.deepEqual(parseMessage('{"type":"odd"}'), { type: 'odd', data: {} })
  assert.deepEqual(parseMessage('{"type":"odd","data":[1]}'), { type: 'odd', data: {} })
})

test('a message with NaN in it is read', () => {
  const text = '{"type":"executed","data":{"node":"n","output":{"v":[NaN, Infinity]},"prompt_id":"p"}}'
  assert.equal(parseMessage(text)?.data.prompt_id, 'p') // pitfall 20
})

test('what is no message is ignored', () => {
  for (const text of ['', 'hello', '[]', '3', '{"data":{}}', '{"type":3}'])
    assert.equal(parseMessage(text), undefined)
})

test('a failure without fields is still one', () => {
  assert.deepEqual(nodeFailure({}), { node: '', classType: '', exceptionType: '', message: '' })
  assert.equal(nodeFailure({ node_id: 7, exception_message: ' bad\n' }).message, 'bad')
  assert.equal(nodeFailure({ node_id: 7 }).node, '7')
})

test('a blocked node is told from a failed one by its exception type', () => {
  assert.equal(isBlockedError({ exception_type: 'ExecutionBlocked' }), true)
  assert.equal(isBlockedError({ exception_type: 'RuntimeError' }), false)
})

test('the first frame asks for previews with metadata', () => {
  assert.deepEqual(JSON.parse(featureFlagsMessage), {
    type: 'feature_flags',
    data: { supports_preview_metadata: true },
  })
})
