import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { traceString } from '../../../src/workflow/roles/trace-string.ts'
import { addresses, allInputs, graph, ref, workflows } from '../helpers.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject, string?]>>

function trace(nodes: Nodes) {
  const others: Nodes = {
    1: ['CLIPTextEncode', { text: ['2', 0] }],
    3: ['PrimitiveString', { value: 'a fox' }],
    9: ['SaveText', { text: ['1', 0] }],
  }
  return traceString(new RoleGraph(graph({ ...others, ...nodes })), ref('1.text'))
}

/** Where a person edits the text of an input that is linked to node 2. */
function source(nodes: Nodes): string {
  const { inputs, computedBy } = trace(nodes)
  return computedBy.length > 0 ? `computed by ${computedBy.join(' ')}` : addresses(inputs)
}

const cases: readonly (readonly [string, JsonObject, string])[] = [
  ['PrimitiveString', { value: 'a' }, '2.value'],
  ['PreviewAny', { source: ['3', 0] }, '3.value'],
  ['StringTrim', { string: ['3', 0], mode: 'Both' }, '3.value'],
  ['RegexExtract', { string: ['3', 0], regex_pattern: '.' }, '3.value'],
  ['StringReplace', { string: 'a', find: 'b', replace: 'c' }, '2.string'],
  ['StringReplace', { string: 'style of {x}', find: '{x}', replace: ['3', 0] }, '3.value'],
  ['StringConcatenate', { string_a: 'a, ', string_b: ['3', 0], delimiter: '' }, '3.value'],
  ['TextGenerate', { prompt: 'improve', clip: ['9', 0] }, '2.prompt'],
  ['Chat', { prompt: ['3', 0], system_prompt: 'You are a poet.', model: 'm', seed: 1 }, '3.value'],
  ['JsonExtractString', { json_string: ['3', 0], key: 'prompt' }, 'computed by 2'],
  ['StringConcatenate', { string_a: 'a', string_b: 'b', delimiter: '' }, 'computed by 2'],
  ['PrimitiveInt', { value: 4 }, 'computed by 2'],
  ['GetImageSize', { image: ['3', 0] }, 'computed by 2'],
  ['LoadText', { file: 'prompts.txt' }, 'computed by 2'],
]
for (const [classType, inputs, expected] of cases) {
  test(`a text from ${classType} ${Object.keys(inputs).join(', ')}: ${expected}`, () => {
    assert.equal(source({ 2: [classType, inputs] }), expected)
  })
}

const join: readonly [string, JsonObject] = [
  'StringConcatenate',
  { string_a: ['4', 0], string_b: ['3', 0], delimiter: ' ' },
]

test('a system prompt is left, by its title or by how it begins, and it is said', () => {
  const byTitle = trace({ 2: join, 4: ['PrimitiveString', { value: 'Be brief.' }, 'System prompt'] })
  assert.equal(addresses(byTitle.inputs), '3.value')
  assert.deepEqual(byTitle.notes, ['4.value is a part of the text too, but not the prompt in it'])
  const byText = trace({ 2: join, 4: ['PrimitiveString', { value: 'You are an assistant.' }] })
  assert.equal(addresses(byText.inputs), '3.value')
  const both: Nodes = {
    2: join,
    3: ['PrimitiveString', { value: 'blurry' }, 'System prompt'],
    4: ['PrimitiveString', { value: 'You are an assistant.' }, 'System prompt'],
  }
  assert.equal(source(both), '3.value')
})

test('of equal parts the one that is titled as a prompt is meant, else all', () => {
  const parts: Nodes = { 2: join, 4: ['PrimitiveString', { value: 'in snow' }] }
  assert.equal(source(parts), '4.value 3.value')
  assert.equal(source({ ...parts, 4: ['PrimitiveString', { value: 'in snow' }, 'My prompt'] }), '4.value')
})

test('a template is known by the gap that is filled in', () => {
  const nodes: Nodes = {
    2: ['StringReplace', { string: ['4', 0], find: '{x}', replace: ['3', 0] }],
    4: ['PrimitiveString', { value: 'draw {x} in ink' }],
  }
  assert.equal(source(nodes), '3.value')
})

test('of a switch in no fixed position both sides count', () => {
  const nodes: Nodes = {
    2: ['ComfySwitchNode', { switch: ['5', 0], on_true: 'a wolf', on_false: ['3', 0] }],
    5: ['IsNight', { hour: 3, zone: 1 }],
  }
  assert.equal(source(nodes), '3.value 2.on_true')
})

test('in any workflow the source is a text', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const found = new RoleGraph(workflow)
      for (const input of allInputs(workflow)) {
        for (const { node, input: name } of traceString(found, input).inputs) {
          assert.equal(typeof workflow.nodes.get(node)?.inputs[name], 'string')
        }
      }
    }),
  )
})
