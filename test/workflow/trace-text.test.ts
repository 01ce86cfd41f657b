import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/protocol/json.ts'
import { traceText } from '../../src/workflow/trace-text.ts'
import { addresses, graph, ref } from './helpers.ts'

/** The texts that reach an input, through the nodes given. */
function texts(nodes: Readonly<Record<string, readonly [string, JsonObject]>>, from = '1.positive'): string {
  const workflow = graph({
    1: ['KSampler', { positive: ['2', 0], negative: ['2', 1] }],
    6: ['CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }],
    7: ['CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }],
    ...nodes,
  })
  const { inputs, computedBy } = traceText(workflow, [ref(from)])
  return [addresses(inputs), ...computedBy.map((node) => `computed by ${node}`)].join(' ').trim()
}

test('nodes that pass both sides on keep them apart', () => {
  const apply: readonly [string, JsonObject] = [
    'ControlNetApplyAdvanced',
    { positive: ['6', 0], negative: ['7', 0], strength: 1 },
  ]
  assert.equal(texts({ 2: apply }), '6.text')
  assert.equal(texts({ 2: apply }, '1.negative'), '7.text')
})

test('combined conditioning has all its texts', () => {
  const both = { conditioning_1: ['6', 0], conditioning_2: ['7', 0] }
  assert.equal(texts({ 2: ['ConditioningCombine', both] }), '6.text 7.text')
  const concat = { conditioning_to: ['6', 0], conditioning_from: ['7', 0] }
  assert.equal(texts({ 2: ['ConditioningConcat', concat] }), '6.text 7.text')
})

test('both sides of a switch that is computed count', () => {
  const inputs = { switch: ['9', 0], on_true: ['6', 0], on_false: ['7', 0] }
  const computed: readonly [string, JsonObject] = ['Decide', { a: 1, b: 2 }]
  assert.equal(texts({ 2: ['ComfySwitchNode', inputs], 9: computed }), '6.text 7.text')
})

test('the text of a node that changes conditioning is not the prompt', () => {
  const box = { text: 'a box', conditioning_to: ['6', 0], clip: ['4', 1], x: 0 }
  assert.equal(texts({ 2: ['GLIGENTextBoxApply', box] }), '6.text')
})

test('what is zeroed out has no text', () => {
  assert.equal(texts({ 2: ['ConditioningZeroOut', { conditioning: ['6', 0] }] }), '')
})

test('of an encoder all texts are found, and the main one tells', () => {
  const inputs = { clip_l: 'fox', t5xxl: 'a fox', guidance: 3, clip: ['4', 1] }
  const workflow = graph({ 1: ['X', { positive: ['2', 0] }], 2: ['CLIPTextEncodeFlux', inputs] })
  const found = traceText(workflow, [ref('1.positive')])
  assert.equal(addresses(found.inputs), '2.t5xxl 2.clip_l')
  assert.equal(addresses(found.telling), '2.t5xxl')
})

test('a text that is computed is told by its node', () => {
  const nodes = {
    2: ['CLIPTextEncode', { text: ['3', 0], clip: ['4', 1] }],
    3: ['StringConcatenate', { string_a: 'a', string_b: 'b', delimiter: '' }],
  } as const
  assert.equal(texts(nodes), 'computed by 3')
})
