import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobKey, type JobRequest } from '../../src/plan/job-key.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import type { Workflow, WorkflowNode } from '../../src/workflow/workflow.ts'
import { exampleWorkflow } from './helpers.ts'

const base = exampleWorkflow()
const target = { node: '3', input: 'seed' }

function keyOf(workflow: Workflow, more: Partial<JobRequest> = {}): string {
  return jobKey({ workflow, drawn: [], uploads: [], copy: 1, ...more })
}

function changed(id: string, change: (node: WorkflowNode) => WorkflowNode): Workflow {
  return {
    ...base,
    nodes: new Map(Array.from(base.nodes, ([key, node]) => [key, key === id ? change(node) : node])),
  }
}

function withInput(id: string, input: string, value: JsonValue): Workflow {
  return changed(id, (node) => ({ ...node, inputs: { ...node.inputs, [input]: value } }))
}

test('what changes the result changes the key', () => {
  const keys = [
    keyOf(base),
    keyOf(withInput('6', 'text', 'a dog')),
    keyOf(withInput('3', 'seed', 2)),
    keyOf(withInput('3', 'seed', 2n ** 63n)),
    keyOf(withInput('3', 'steps', '20')),
    keyOf(withInput('3', 'positive', ['7', 0])),
    keyOf(changed('9', (node) => ({ ...node, classType: 'PreviewImage' }))),
    keyOf(base, { copy: 2 }),
    keyOf(base, { drawn: [target] }),
    keyOf(base, { uploads: [{ file: '/a', hash: 'aa', targets: [{ node: '6', input: 'text' }] }] }),
    keyOf(base, { uploads: [{ file: '/a', hash: 'bb', targets: [{ node: '6', input: 'text' }] }] }),
  ]
  assert.equal(new Set(keys).size, keys.length)
})

test('what does not change the result does not change the key', () => {
  const reversed = new Map(
    Array.from(base.nodes, ([id, { classType, inputs }]): [string, WorkflowNode] => [
      id,
      {
        classType,
        inputs: Object.fromEntries(Object.entries(inputs).reverse()),
        title: 'other',
        meta: { title: 'other' },
      },
    ]).reverse(),
  )
  assert.equal(keyOf({ nodes: reversed, source: 'elsewhere.json' }), keyOf(base))
  assert.equal(keyOf(withInput('3', 'seed', 99), { drawn: [target] }), keyOf(base, { drawn: [target] }))
  const targets = [{ node: '6', input: 'text' }]
  assert.equal(
    keyOf(base, { uploads: [{ file: '/a', hash: 'aa', targets }] }),
    keyOf(withInput('6', 'text', 'old'), { uploads: [{ file: '/b', hash: 'aa', targets }] }),
  )
})
