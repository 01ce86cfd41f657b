import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasInput, inputValue, linkedNode, linkedNodes } from '../../src/workflow/links.ts'
import { graph, ref } from './helpers.ts'

const workflow = graph({
  1: ['Loader', { name: 'a', list: ['1', 0, 0] }],
  2: ['Merge', { b: ['1', 0], a: ['3', 0], strength: 0.5, c: ['1', 1] }],
})

test('an input holds a literal or a link', () => {
  assert.equal(inputValue(workflow, ref('1.name')), 'a')
  assert.deepEqual(inputValue(workflow, ref('2.b')), ['1', 0])
  assert.equal(inputValue(workflow, ref('9.name')), undefined)
})

test('what every object answers to is no input', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    assert.equal(inputValue(workflow, { node: '1', input: name }), undefined)
    assert.equal(hasInput({ classType: 'X', inputs: {} }, name), false)
  }
})

test('a link to a node that is not there leads nowhere', () => {
  assert.equal(linkedNode(workflow, ref('2.b')), '1')
  assert.equal(linkedNode(workflow, ref('2.a')), undefined)
  assert.equal(linkedNode(workflow, ref('2.strength')), undefined)
  assert.equal(linkedNode(workflow, ref('1.list')), undefined)
})

test('all links of a node, in the order of its inputs', () => {
  assert.deepEqual(linkedNodes(workflow, '2'), ['1', '1'])
  assert.deepEqual(linkedNodes(workflow, '9'), [])
})
