import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../src/protocol/json.ts'
import { readNodeErrors, readRejection } from '../../src/protocol/prompt.ts'

const extraInfo = { input_name: 'steps', input_config: ['INT', { min: 1 }], received_value: 0 }
const nodeErrors: JsonValue = {
  '3': {
    errors: [
      {
        type: 'value_smaller_than_min',
        message: 'Value 0 smaller than min of 1',
        details: 'steps',
        extra_info: extraInfo,
      },
      { type: 'newer_kind', message: 'm' },
    ],
    dependent_outputs: ['9'],
    class_type: 'KSampler',
  },
}

test('node errors become one list, one complaint for each error', () => {
  assert.deepEqual(readNodeErrors(nodeErrors), [
    {
      node: '3',
      classType: 'KSampler',
      type: 'value_smaller_than_min',
      message: 'Value 0 smaller than min of 1',
      details: 'steps',
      input: 'steps',
      received: 0,
      config: ['INT', { min: 1 }],
      extra: extraInfo,
    },
    { node: '3', classType: 'KSampler', type: 'newer_kind', message: 'm', details: '', extra: {} },
  ])
})

test('a received null is told from none at all', () => {
  const errors = (extra_info: { input_name: string; received_value?: null }) =>
    readNodeErrors({ '1': { errors: [{ type: 't', extra_info }], class_type: 'C' } })[0]
  assert.equal(errors({ input_name: 'a', received_value: null })?.received, null)
  assert.ok(!('received' in (errors({ input_name: 'a' }) ?? {})))
})

test('node errors of other shapes are none', () => {
  assert.deepEqual(readNodeErrors(undefined), [])
  assert.deepEqual(readNodeErrors([]), []) // before 0.3.28
  assert.deepEqual(readNodeErrors({ '1': null, '2': {}, '3': { errors: [null, 'x'] } }), [])
})

test('a refusal', () => {
  const rejection = readRejection({
    error: { type: 'missing_node_type', message: 'm', details: 'd', extra_info: { node_id: '5' } },
    node_errors: nodeErrors,
  })
  assert.deepEqual(
    { ...rejection, inputErrors: rejection.inputErrors.length },
    {
      type: 'missing_node_type',
      message: 'm',
      details: 'd',
      extra: { node_id: '5' },
      inputErrors: 2,
    },
  )
})

test('the refusals of old servers: the error is a plain string', () => {
  const rejection = readRejection({ error: 'no prompt', node_errors: [] })
  assert.equal(rejection.message, 'no prompt')
  assert.equal(rejection.type, 'rejected')
})

test('a refusal without a reason', () => {
  const bodies: JsonValue[] = [{}, [], null, 'text', { error: null }, { error: {} }]
  for (const body of bodies) {
    assert.equal(readRejection(body).message, 'the server gave no reason')
  }
})
