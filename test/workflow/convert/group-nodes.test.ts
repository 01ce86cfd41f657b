import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { inputsOf, uiGraph, type LinkSpec, type NodeSpec } from './helpers.ts'

const slot = (name: string, type: string, more: JsonObject = {}): JsonObject => ({
  name,
  type,
  link: 99,
  ...more,
})

/** Encodes twice and samples: the model and the clip come from outside, the second prompt goes nowhere. */
const group: JsonObject = {
  nodes: [
    { type: 'Encode', index: 0, inputs: [slot('clip', 'CLIP')], widgets_values: ['old'] },
    { type: 'Encode', index: 1, title: 'Second', inputs: [slot('clip', 'CLIP')], widgets_values: ['old'] },
    {
      type: 'Sampler',
      index: 2,
      inputs: [
        slot('model', 'MODEL'),
        slot('positive', 'COND'),
        slot('steps', 'INT', { widget: { name: 'steps' } }),
      ],
      widgets_values: [1, 'fixed', 11, 8, 'normal', 1],
    },
  ],
  links: [
    [0, 0, 2, 1, 5, 'COND'],
    [null, 1, 0, 0, 4, 'CLIP'],
  ],
  external: [],
}

function graph(node: NodeSpec, definition: JsonObject = group, more: readonly LinkSpec[] = []): JsonObject {
  const nodes: Record<string, NodeSpec> = {
    1: { type: 'Loader', values: ['a.model'], out: ['MODEL', 'CLIP', 'VAE'] },
    5: node,
    9: { type: 'Decode', in: { samples: ['LATENT', 3], vae: ['VAE', 4] } },
  }
  const links: LinkSpec[] = [
    [1, 1, 1, 5, 0],
    [2, 1, 0, 5, 2],
    [3, 5, 1, 9, 0],
    [4, 1, 2, 9, 1],
  ]
  return uiGraph(nodes, [...links, ...more], { extra: { groupNodes: { Mine: definition } } })
}

const node: NodeSpec = {
  type: 'workflow>Mine',
  values: ['one', 'two', 77, 'randomize', 6, 'simple', 0.5],
  in: { clip: ['CLIP', 1], 'Second clip': ['CLIP', 1], model: ['MODEL', 2], '*steps': ['INT'] },
}

test('a group node becomes its nodes, with its values in their order', () => {
  for (const type of ['workflow>Mine', 'workflow/Mine']) {
    const inputs = inputsOf(graph({ ...node, type }))
    assert.deepEqual(Object.keys(inputs), ['1', '9', '5:0', '5:1', '5:2'])
    assert.deepEqual(inputs['5:0'], { text: 'one', clip: ['1', 1] })
    assert.deepEqual(inputs['5:1'], { text: 'two', clip: ['1', 1] })
    assert.deepEqual(inputs['5:2'], {
      seed: 77,
      // It was made a socket: its value is that of the definition.
      steps: 11,
      cfg: 6,
      scheduler: 'simple',
      denoise: 0.5,
      model: ['1', 0],
      positive: ['5:0', 0],
    })
    // Output 0 is the second prompt: the first one is taken inside.
    assert.deepEqual(inputs['9']?.['samples'], ['5:2', 0])
  }
})

test('names and what is hidden are as the user has chosen', () => {
  const config = {
    0: { input: { clip: { name: 'my clip' } } },
    1: { input: { clip: { visible: false } }, output: { 0: { visible: false } } },
  }
  const inputs = inputsOf(
    graph({ ...node, in: { 'my clip': ['CLIP', 1], model: ['MODEL', 2] } }, { ...group, config }),
  )
  assert.deepEqual(inputs['5:0']?.['clip'], ['1', 1])
  assert.equal(inputs['5:1']?.['clip'], undefined)
  assert.equal(inputs['9']?.['samples'], undefined)
})

test('an output that is taken inside is shown if it was taken outside, too', () => {
  const inputs = inputsOf(graph(node, { ...group, external: [[0, 0, 'COND']] }))
  assert.deepEqual(inputs['9']?.['samples'], ['5:1', 0])
})

test('a primitive inside has a value of the group node', () => {
  const primitive: JsonObject = {
    type: 'PrimitiveNode',
    title: 'Steps',
    inputs: [],
    outputs: [{ type: 'INT' }],
  }
  const nodes = [...(group['nodes'] as JsonValue[]), primitive]
  const links = [...(group['links'] as JsonValue[]), [3, 0, 2, 2, 6, 'INT']]
  const values = [...(node.values as JsonValue[]), 42]
  const inputs = inputsOf(graph({ ...node, values }, { ...group, nodes, links }))
  assert.equal(inputs['5:2']?.['steps'], 42)
})

test('a muted group node takes its nodes away', () => {
  assert.deepEqual(Object.keys(inputsOf(graph({ ...node, mode: 2 }))), ['1', '9'])
})

test('a reroute inside takes a link by the type of what it goes to, a label by itself', () => {
  const nodes: JsonValue = [
    { type: 'Encode', inputs: [slot('clip', 'CLIP')] },
    { type: 'Encode', inputs: [slot('clip', 'CLIP', { label: 'labelled' })] },
    { type: 'Reroute', inputs: [slot('', '*')], outputs: [{ type: 'CLIP' }] },
  ]
  const inputs = inputsOf(
    graph(
      { ...node, in: { CLIP: ['CLIP', 1], labelled: ['CLIP', 1] } },
      { nodes, links: [[2, 0, 0, 0, 9, 'CLIP']] },
    ),
  )
  assert.deepEqual(
    [inputs['5:0']?.['clip'], inputs['5:1']?.['clip']],
    [
      ['1', 1],
      ['1', 1],
    ],
  )
})
