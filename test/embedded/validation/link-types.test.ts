import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typesMatch } from '../../../src/embedded/validation/link-types.ts'

test('types match if they have one in common', () => {
  assert.ok(typesMatch('IMAGE', 'IMAGE'))
  assert.ok(typesMatch('INT', 'FLOAT,INT'))
  assert.ok(typesMatch('*', 'IMAGE'))
  assert.ok(typesMatch('IMAGE', '*'))
  assert.ok(typesMatch('IMAGE', 'COMFY_MATCHTYPE_V3'))
  assert.ok(typesMatch(['a', 'b'], ['a', 'b']))
  assert.ok(!typesMatch('IMAGE', 'MASK'))
  assert.ok(!typesMatch('INT', ['a', 'b']))
  assert.ok(!typesMatch(['a'], ['b']))
})
