import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fits, needsLink } from '../../../src/workflow/check/link-types.ts'

test('one type in common is enough, and * fits all', () => {
  assert.ok(fits('IMAGE', 'IMAGE'))
  assert.ok(fits('INT', 'FLOAT, INT'))
  assert.ok(fits('IMAGE,MASK', 'MASK'))
  assert.ok(fits('*', 'MODEL'))
  assert.ok(fits('MODEL', '*'))
  assert.ok(!fits('IMAGE', 'MASK'))
  assert.ok(!fits('STRING', 'COMBO'))
})

test('a model needs a link; a number, a colour, and what a text can be do not', () => {
  assert.ok(needsLink('MODEL'))
  assert.ok(needsLink('IMAGE,MASK'))
  for (const type of ['INT', 'COLOR', 'STRING,MESH', '*']) assert.ok(!needsLink(type), type)
})
