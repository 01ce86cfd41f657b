import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../src/protocol/json.ts'
import { nodeClassNamed, readObjectInfo } from '../../src/protocol/object-info.ts'

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
