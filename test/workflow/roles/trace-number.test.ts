import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { numberSource, traceNumber } from '../../../src/workflow/roles/trace-number.ts'
import { addresses, allInputs, graph, ref, workflows } from '../helpers.ts'

/** Where the number of an input that is linked to node 2 comes from. */
function source(classType: string, inputs: JsonObject, slot = 0): string {
  const found = numberSource(
    new RoleGraph(
      graph({
        1: ['EmptyLatentImage', { width: ['2', slot] }],
        2: [classType, inputs],
        3: ['PrimitiveString', { value: 'a fox' }],
        4: ['PrimitiveInt', { value: 4, control_after_generate: 'fixed' }],
        5: ['LoadImage', { image: 'photo.png' }],
        9: ['SaveImage', { images: ['1', 0] }],
      }),
    ),
    ref('1.width'),
  )
  if ('by' in found) return `measured at ${addresses([found.of])} by ${found.slot}`
  return found.computedBy.length > 0 ? `computed by ${found.computedBy.join(' ')}` : addresses(found.inputs)
}

const cases: readonly (readonly [string, JsonObject, string])[] = [
  ['PrimitiveInt', { value: 4 }, '2.value'],
  ['Seed (rgthree)', { seed: 18446744073709551615n }, '2.seed'],
  ['PrimitiveNode', { value: '20' }, '2.value'],
  ['Reroute', { '': ['4', 0] }, '4.value'],
  // Arithmetic on one value: to set that one is to set the result, rounded or halved.
  ['ComfyMathExpression', { expression: 'a / 2', 'values.a': ['4', 0], 'values.b': 2 }, '4.value'],
  [
    'ComfyMathExpression',
    { expression: 'a * b', 'values.a': ['4', 0], 'values.b': ['3', 0] },
    'computed by 2',
  ],
  ['ComfyMathExpression', { expression: '1 + 1' }, 'computed by 2'],
  // A node that takes such a number itself and hands it on.
  ['CameraEmbedding', { width: 832, height: 480 }, '2.width'],
  ['GetImageSize', { image: ['5', 0] }, 'measured at 2.image by 0'],
  ['PrimitiveString', { value: 'a fox' }, 'computed by 2'],
  ['PrimitiveString', { value: '' }, 'computed by 2'],
  ['PrimitiveBoolean', { value: true }, 'computed by 2'],
  ['ResolutionSelector', { megapixels: 1 }, 'computed by 2'],
]
for (const [classType, inputs, expected] of cases) {
  test(`a number from ${classType} ${Object.keys(inputs).join(', ')}: ${expected}`, () => {
    assert.equal(source(classType, inputs), expected)
  })
}

test('a number that is measured is computed, where it is not asked what at', () => {
  const workflow = graph({ 1: ['KSampler', { steps: ['2', 1] }], 2: ['GetImageSize', { image: ['1', 0] }] })
  assert.deepEqual(traceNumber(new RoleGraph(workflow), ref('1.steps')).computedBy, ['2'])
})

test('an input with a number of its own is its source; another literal is none', () => {
  const found = new RoleGraph(graph({ 1: ['KSampler', { steps: 20, cfg: 'high', model: ['9', 0] }] }))
  assert.equal(addresses(traceNumber(found, ref('1.steps')).inputs), '1.steps')
  for (const input of ['cfg', 'model', 'constructor', 'absent']) {
    assert.deepEqual(traceNumber(found, { node: '1', input }).inputs, [], input)
  }
})

test('in any workflow the source is a number', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const found = new RoleGraph(workflow)
      for (const input of allInputs(workflow)) {
        for (const { node, input: name } of traceNumber(found, input).inputs) {
          assert.ok(Number.isFinite(Number(workflow.nodes.get(node)?.inputs[name])))
        }
      }
    }),
  )
})
