import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { outputNodes, reachableNodes } from '../../src/workflow/outputs.ts'
import { fixture, graph, workflows } from './helpers.ts'

test('outputs are the nodes that nothing uses, and those that save on their way', () => {
  const workflow = graph({
    1: ['LoadImage', { image: 'a.png' }],
    2: ['SaveImage', { images: ['1', 0] }],
    3: ['Upscale', { image: ['2', 0] }],
    4: ['ShowText', { text: ['3', 1] }],
  })
  assert.deepEqual(outputNodes(workflow), ['2', '4'])
})

test('what an output needs', () => {
  const workflow = fixture('shared-negative')
  assert.deepEqual([...reachableNodes(workflow, ['9'])].sort(), ['3', '4', '5', '6', '8', '9'])
  assert.deepEqual([...reachableNodes(workflow, ['6'])].sort(), ['4', '6'])
})

test('loops have an end', () => {
  const loop = graph({ 1: ['A', { a: ['2', 0] }], 2: ['B', { b: ['1', 0] }], 3: ['C', {}] })
  assert.deepEqual([...reachableNodes(loop, ['1'])].sort(), ['1', '2'])
})

test('every node is an output, or used by another', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const outputs = outputNodes(workflow)
      const used = new Set(
        Array.from(workflow.nodes.values(), ({ inputs }) => Object.values(inputs))
          .flat()
          .flatMap((value) => (Array.isArray(value) ? [value[0]] : [])),
      )
      for (const id of workflow.nodes.keys()) assert.ok(outputs.includes(id) || used.has(id))
      for (const id of reachableNodes(workflow, outputs)) assert.ok(workflow.nodes.has(id))
    }),
  )
})
