import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { encoderTexts, traceConditioning } from '../../../src/workflow/roles/trace-conditioning.ts'
import { addresses, graph, ref } from '../helpers.ts'
import { nodeClasses } from './node-classes.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>

function graphOf(nodes: Nodes, classes = {}): RoleGraph {
  const workflow = graph({
    1: ['KSampler', { positive: ['2', 0], negative: ['2', 1] }],
    6: ['CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }],
    7: ['CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }],
    9: ['SaveImage', { images: ['1', 0] }],
    ...nodes,
  })
  return new RoleGraph({ ...workflow, nodeClasses: classes })
}

/** The texts that reach an input, through the nodes given. */
function texts(nodes: Nodes, from = '1.positive', classes = {}): string {
  const { encoders } = traceConditioning(graphOf(nodes, classes), [ref(from)])
  return addresses(encoders.flatMap((encoder) => encoder.texts))
}

test('nodes that pass both sides on keep them apart', () => {
  const apply: Nodes = {
    2: ['ControlNetApplyAdvanced', { positive: ['6', 0], negative: ['7', 0], strength: 1 }],
  }
  assert.equal(texts(apply), '6.text')
  assert.equal(texts(apply, '1.negative'), '7.text')
})

test('by the slot, and not by the port: a negative port may carry the positive text', () => {
  const crossed: Nodes = {
    1: ['KSampler', { positive: ['2', 0], negative: ['2', 0] }],
    2: ['LTXVConditioning', { positive: ['6', 0], negative: ['7', 0], frame_rate: 25 }],
  }
  assert.equal(texts(crossed, '1.negative'), '6.text')
})

test('pairs of several conditionings, and combined ones, have all their texts', () => {
  const pair: Nodes = {
    2: ['PairConditioningCombine', { positive_A: ['6', 0], negative_A: ['7', 0], positive_B: ['3', 0] }],
    3: ['CLIPTextEncode', { text: 'in snow' }],
  }
  assert.equal(texts(pair), '6.text 3.text')
  const both: Nodes = { 2: ['ConditioningCombine', { conditioning_1: ['6', 0], conditioning_2: ['7', 0] }] }
  assert.equal(texts(both), '6.text 7.text')
})

test('an encoder may give both sides', () => {
  const nodes: Nodes = { 2: ['EncodeEdit', { prompt: 'a hat', negative_prompt: '', clip: ['4', 0] }] }
  assert.equal(texts(nodes), '2.prompt')
  assert.equal(texts(nodes, '1.negative'), '2.negative_prompt')
})

test('zeroed-out conditioning has no text; guidance on the way is told', () => {
  assert.equal(texts({ 2: ['ConditioningZeroOut', { conditioning: ['6', 0] }] }), '')
  const guided = graphOf({ 2: ['FluxGuidance', { guidance: 3.5, conditioning: ['6', 0] }] })
  assert.equal(addresses(traceConditioning(guided, [ref('1.positive')]).guidance), '2.guidance')
})

test('a node of one input leads on, and a node with neither text nor conditioning ends the search', () => {
  assert.equal(texts({ 2: ['Unknown', { x: ['6', 0] }] }), '6.text')
  assert.equal(texts({ 2: ['FromImage', { image: ['6', 0], strength: 1 }] }), '')
})

test('by the class: its large text fields, and links that carry conditioning whatever their name', () => {
  const own: Nodes = { 2: ['OddEncoder', { words: 'a fox', system_words: 'be kind', size: 3 }] }
  assert.equal(texts(own), '')
  assert.equal(texts(own, '1.positive', nodeClasses), '2.words')
  const odd: Nodes = { 2: ['OddMixer', { first: ['6', 0], amount: 1 }] }
  assert.equal(texts(odd), '')
  assert.equal(texts(odd, '1.positive', { ...nodeClasses }), '6.text')
})

test('all texts of an encoder, the main one first', () => {
  const sdxl = graphOf({ 2: ['CLIPTextEncodeSDXL', { text_l: 'b', width: 4, text_g: 'a', clip: ['4', 1] }] })
  assert.equal(addresses(encoderTexts(sdxl, '2', 'positive')), '2.text_g 2.text_l')
})
