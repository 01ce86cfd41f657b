import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computed, foundInput, nothing, together, without } from '../../../src/workflow/roles/found.ts'
import { ref } from '../helpers.ts'

const [a, b] = [ref('1.a'), ref('1.b')]

test('what several searches found, each once, in their order, with the first reason', () => {
  const why = { ...nothing, reason: 'because', notes: ['x'] }
  const again = foundInput(ref('1.a'))
  assert.deepEqual(together([foundInput(a), computed('7'), foundInput(b), again, computed('7'), why]), {
    inputs: [a, b],
    telling: [a, b],
    computedBy: ['7'],
    notes: ['x'],
    reason: 'because',
  })
  assert.deepEqual(together([]), nothing)
})

test('addresses that look alike are not the same input', () => {
  const alike = [
    { node: '1.a', input: 'b' },
    { node: '1', input: 'a.b' },
  ]
  assert.deepEqual(together(alike.map(foundInput)).inputs, alike)
})

test('what was found, without some inputs', () => {
  const both = together([foundInput(a), foundInput(b), computed('7')])
  assert.deepEqual(without(both, [ref('1.a')]), { inputs: [b], telling: [b], computedBy: ['7'], notes: [] })
})
