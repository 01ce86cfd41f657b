import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../src/protocol/json.ts'
import { inputConfigs, nodeClassNamed, readObjectInfo } from '../../src/protocol/object-info.ts'

test('a class of any name is found, and nothing else is', () => {
  const info = readObjectInfo(JSON.parse('{"toString": {"input": {}}, "__proto__": {"input": {}}}'))
  assert.ok(info)
  assert.equal(nodeClassNamed(info, '__proto__')?.name, '__proto__')
  assert.deepEqual(nodeClassNamed(info, 'toString')?.output, [])
  assert.equal(nodeClassNamed(info, 'constructor'), undefined)
})

test('a value without a class with inputs is no object_info', () => {
  const values: readonly JsonValue[] = [null, 1, 'x', [], {}, { A: null }, { A: [] }, { A: { input: [] } }]
  for (const value of values) {
    assert.equal(readObjectInfo(value), undefined)
  }
})

test('a class whose outputs and order are misshapen is read as far as it goes', () => {
  const info = readObjectInfo({
    A: { input: { required: { b: ['INT'], a: ['INT'] } }, output: null, input_order: { required: 7 } },
  })
  const found = info && nodeClassNamed(info, 'A')
  assert.deepEqual(found?.output, [])
  assert.deepEqual(found && inputConfigs(found.input, found.input_order).map(({ name }) => name), ['b', 'a'])
})
