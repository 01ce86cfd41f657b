import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiGraph } from '../../../src/protocol/graph.ts'
import { differences } from '../../../src/workflow/check/differences.ts'
import { parseWorkflow } from '../../../src/workflow/parse.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'

const graph: ApiGraph = {
  '1': { class_type: 'Loader', inputs: { name: 'a', strength: 1 } },
  '2': { class_type: 'Saver', inputs: { image: ['1', 0], prefix: 'x' }, _meta: { title: 'Save' } },
}
const workflowOf = (of: ApiGraph): Workflow => parseWorkflow(JSON.stringify(of), 'x')

/** The graph with a node replaced. */
const changed = (id: string, node: Partial<ApiGraph[string]>): Workflow => {
  const before = graph[id]
  assert.ok(before)
  return workflowOf({ ...graph, [id]: { ...before, ...node } })
}

test('values and links that differ are told', () => {
  const from = workflowOf(graph)
  assert.deepEqual(differences(from, workflowOf(graph)), [])
  assert.deepEqual(differences(from, changed('1', { inputs: { name: 'b', strength: 1 } })), [
    { target: { node: '1', input: 'name' }, value: 'b' },
  ])
  assert.deepEqual(differences(from, changed('2', { inputs: { image: ['1', 1], prefix: 'x' } })), [
    { target: { node: '2', input: 'image' }, value: ['1', 1] },
  ])
})

test('graphs of other nodes, inputs or titles have no differences in values', () => {
  const from = workflowOf(graph)
  const { '1': loader } = graph
  assert.ok(loader)
  for (const other of [
    workflowOf({ '1': loader }),
    workflowOf({ '1': loader, '3': loader }),
    changed('1', { class_type: 'Other' }),
    changed('1', { inputs: { name: 'a' } }),
    changed('1', { inputs: { name: 'a', other: 1 } }),
    changed('2', { _meta: { title: 'Other' } }),
  ])
    assert.equal(differences(from, other), undefined)
})
