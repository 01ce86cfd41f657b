import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeLabel } from '../../src/comfy/node-label.ts'

const graph = {
  '6': { class_type: 'CLIPTextEncode', inputs: {}, _meta: { title: 'Positive' } },
  '3': { class_type: 'KSampler', inputs: {}, _meta: { title: 'KSampler' } },
  '57:8': { class_type: 'VAEDecode', inputs: {} },
}

test('a title is shown where it adds something', () => {
  assert.equal(nodeLabel(graph, '6'), 'node 6 "Positive" (CLIPTextEncode)')
  assert.equal(nodeLabel(graph, '3'), 'node 3 (KSampler)')
  assert.equal(nodeLabel(graph, '57:8'), 'node 57:8 (VAEDecode)')
})

test('a node that the graph does not have', () => {
  assert.equal(nodeLabel(graph, '99', 'Ghost'), 'node 99 (Ghost)')
  assert.equal(nodeLabel(graph, '99'), 'node 99')
})
