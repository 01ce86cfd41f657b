import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passThrough } from '../../src/workflow/pass-through.ts'
import { addresses, graph, ref } from './helpers.ts'

const workflow = graph({
  1: ['Encode', { text: ['2', 0], other: ['9', 0], lost: ['99', 0] }],
  2: ['Reroute', { '': ['3', 0] }],
  3: ['ComfySwitchNode', { switch: ['4', 0], on_true: ['5', 0], on_false: ['6', 0] }],
  4: ['Reroute', { x: ['7', 0] }],
  5: ['PrimitiveString', { value: 'a' }],
  6: ['PrimitiveString', { value: 'b' }],
  7: ['PrimitiveBoolean', { value: false }],
  8: ['Decide', { a: 1, b: 2 }],
  9: ['ComfySwitchNode', { switch: ['8', 0], on_true: ['5', 0], on_false: ['6', 0] }],
  10: ['Reroute', { x: ['11', 0] }],
  11: ['Reroute', { x: ['10', 0] }],
  12: ['ComfySwitchNode', { switch: ['12', 0], on_true: ['5', 0], on_false: ['6', 0] }],
  13: ['Reroute', { x: ['12', 0] }],
  14: ['ComfySwitchNode', { switch: true, on_false: ['6', 0] }],
  15: ['Reroute', { x: ['14', 0] }],
})
const end = (address: string): string => addresses([passThrough(workflow, ref(address))])

test('reroutes and switches in a fixed position hand on what they get', () => {
  assert.equal(end('1.text'), '3.on_false')
  assert.equal(end('3.on_true'), '3.on_true')
})

test('a switch that is computed, or whose side is not linked, is an end', () => {
  assert.equal(end('1.other'), '1.other')
  assert.equal(end('15.x'), '15.x')
})

test('a link to nowhere is an end', () => {
  assert.equal(end('1.lost'), '1.lost')
})

test('loops of reroutes, and a switch that decides itself, have an end', () => {
  assert.match(end('10.x'), /^1[01]\.x$/)
  assert.equal(end('13.x'), '13.x')
})
