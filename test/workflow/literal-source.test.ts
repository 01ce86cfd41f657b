import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { JsonObject } from '../../src/protocol/json.ts'
import { literalSource, type LiteralKind } from '../../src/workflow/literal-source.ts'
import { addresses, allInputs, graph, workflows } from './helpers.ts'

/** Where the value of an input that is linked to a node comes from: an address, or `computed by` nodes. */
function source(kind: LiteralKind, classType: string, inputs: JsonObject): string {
  const workflow = graph({
    1: ['Encode', { in: ['2', 0] }],
    2: [classType, inputs],
    3: ['PrimitiveString', { value: 'a fox' }],
    4: ['PrimitiveInt', { value: 4, control_after_generate: 'fixed' }],
    5: ['LoadImage', { image: 'photo.png' }],
  })
  const { inputs: found, computedBy } = literalSource(workflow, { node: '1', input: 'in' }, kind)
  return computedBy.length > 0 ? `computed by ${computedBy.join(' ')}` : addresses(found)
}

const cases: readonly (readonly [LiteralKind, string, JsonObject, string])[] = [
  ['text', 'PrimitiveString', { value: 'a' }, '2.value'],
  ['number', 'PrimitiveInt', { value: 4, control_after_generate: 'randomize' }, '2.value'],
  ['number', 'Seed (rgthree)', { seed: 18446744073709551615n }, '2.seed'],
  ['number', 'FloatConstant', { anything: 0.5 }, '2.anything'],
  ['number', 'PrimitiveNode', { value: '20' }, '2.value'],
  ['text', 'Reroute', { '': ['3', 0] }, '3.value'],
  ['text', 'ShowText', { text: ['3', 0] }, '3.value'],
  ['number', 'Reroute', { '': ['4', 0] }, '4.value'],
  // Of another kind.
  ['number', 'PrimitiveString', { value: 'a fox' }, 'computed by 2'],
  ['text', 'PrimitiveInt', { value: 4 }, 'computed by 2'],
  ['number', 'PrimitiveString', { value: '' }, 'computed by 2'],
  ['number', 'PrimitiveBoolean', { value: true }, 'computed by 2'],
  // Computed.
  ['number', 'GetImageSize', { image: ['5', 0] }, 'computed by 2'],
  ['text', 'Describe', { image: ['5', 0] }, 'computed by 2'],
  ['text', 'StringReplace', { string: 'a', find: 'b', replace: 'c' }, 'computed by 2'],
  ['text', 'StringConcatenate', { string_a: 'a', string_b: ['3', 0], delimiter: '' }, 'computed by 2'],
  ['text', 'StringTrim', { string: ['3', 0], mode: 'Both' }, 'computed by 2'],
  ['number', 'StringLength', { string: ['3', 0] }, 'computed by 2'],
  ['number', 'ComfyMathExpression', { expression: 'a', 'values.a': 1 }, 'computed by 2'],
  ['text', 'TextGenerate', { prompt: 'improve', clip: ['9', 0] }, 'computed by 2'],
  ['text', 'Chat', { prompt: 'improve', model: 'm', seed: 1 }, 'computed by 2'],
  ['text', 'LoadText', { file: 'prompts.txt' }, 'computed by 2'],
]
for (const [kind, classType, inputs, expected] of cases) {
  test(`a ${kind} from ${classType} ${Object.keys(inputs).join(', ')}: ${expected}`, () => {
    assert.equal(source(kind, classType, inputs), expected)
  })
}

test('an input with a literal of its own is its source, if the kind is right', () => {
  const workflow = graph({ 1: ['KSampler', { steps: 20, cfg: 'high', model: ['9', 0] }] })
  const find = (input: string, kind: LiteralKind) => literalSource(workflow, { node: '1', input }, kind)
  assert.equal(addresses(find('steps', 'number').inputs), '1.steps')
  for (const input of ['cfg', 'model', 'constructor', 'absent']) {
    assert.deepEqual(find(input, 'number'), { inputs: [], telling: [], computedBy: [] }, input)
  }
})

test('in any workflow the source is a literal of the kind', () => {
  fc.assert(
    fc.property(workflows, fc.constantFrom<LiteralKind>('number', 'text'), (workflow, kind) => {
      for (const input of allInputs(workflow)) {
        for (const found of literalSource(workflow, input, kind).inputs) {
          const value = workflow.nodes.get(found.node)?.inputs[found.input]
          assert.ok(kind === 'text' ? typeof value === 'string' : Number.isFinite(Number(value)))
        }
      }
    }),
  )
})
