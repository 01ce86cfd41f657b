import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobKey } from '../../src/plan/job-key.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import type { Patch } from '../../src/workflow/patch.ts'
import type { Workflow, WorkflowNode } from '../../src/workflow/workflow.ts'
import { exampleWorkflow } from './helpers.ts'

const base = exampleWorkflow()

function keyOf(workflow: Workflow, values: readonly Patch[] = [], copy = 1): string {
  const key = new JobKey(workflow)
  for (const { target, value } of values) {
    if (value === null) key.open(target)
    else key.set(target, value)
  }
  key.setCopy(copy)
  return key.toString()
}

function set(node: string, input: string, value: JsonValue): Patch {
  return { target: { node, input }, value }
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
    keyOf(base, [], 2),
    keyOf(base, [set('3', 'seed', null)]),
    keyOf(base, [set('6', 'text', { sha256: 'aa' })]),
    keyOf(base, [set('6', 'text', { sha256: 'bb' })]),
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
  assert.equal(
    keyOf(withInput('3', 'seed', 99), [set('3', 'seed', null)]),
    keyOf(base, [set('3', 'seed', null)]),
  )
})

test('a value that is to be set counts like one that is there', () => {
  assert.equal(keyOf(base, [set('6', 'text', 'a dog')]), keyOf(withInput('6', 'text', 'a dog')))
  assert.equal(keyOf(base, [set('6', 'text', 'a cat')]), keyOf(base))
})
