import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import {
  findAllInOne,
  inputsNamed,
  modelsOf,
  negativesOf,
  promptsOf,
  seedsOf,
} from '../../../src/workflow/roles/all-in-one.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { addresses, graph } from '../helpers.ts'
import { nodeClasses } from './node-classes.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>
const makers = (nodes: Nodes, classes = {}): string[] =>
  findAllInOne(new RoleGraph({ ...graph(nodes), nodeClasses: classes }))

const image: readonly [string, JsonObject] = ['PartnerImage', { prompt: ['2', 0], seed: 1 }]
const chat: readonly [string, JsonObject] = ['PartnerChat', { prompt: 'improve', seed: 1, model: 'chat' }]
const save: readonly [string, JsonObject] = ['SaveImage', { filename_prefix: 'a', images: ['1', 0] }]

test('a node with a prompt, a seed or a model of its own makes something', () => {
  for (const [input, value] of [
    ['prompt', 'a'],
    ['seed', 1],
    ['model', 'v1'],
    ['model.prompt', 'a'],
  ] as const) {
    assert.deepEqual(makers({ 1: ['Partner', { [input]: value, quality: 'high' }], 9: save }), ['1'])
  }
})

test('loaders, savers, holders, joiners and the parts of a sampler make nothing', () => {
  const nodes: Nodes = {
    1: ['Blend', { a: ['2', 0], b: ['3', 0], c: ['4', 0], d: ['5', 0], e: ['6', 0] }],
    2: ['UpscaleModelLoader', { model_name: 'x4.pth' }],
    3: ['SeedNode', { seed: 1 }],
    4: ['StringConcatenate', { text: 'a', prompt: 'b', delimiter: '' }],
    5: ['Decode', { seed: 1, samples: ['2', 0] }],
    6: ['CLIPTextEncode', { text: 'guitar', clip: ['2', 0] }],
    9: save,
  }
  assert.deepEqual(makers(nodes), [])
})

test('what writes a text for another is none, unless nothing else is made', () => {
  assert.deepEqual(makers({ 1: image, 2: chat, 9: save }), ['1'])
  assert.deepEqual(makers({ 2: chat, 9: ['PreviewAny', { source: ['2', 0] }] }), ['2'])
  const local: readonly [string, JsonObject] = ['TextGenerate', { prompt: 'improve', clip: ['3', 0] }]
  assert.deepEqual(makers({ 2: local, 3: ['CLIPLoader', {}], 9: ['PreviewAny', { source: ['2', 0] }] }), [
    '2',
  ])
})

test('a class that is known says what it gives', () => {
  const uses = { 9: ['SaveBoth', { filename_prefix: 'a', x: ['1', 0], y: ['2', 0] }] } as const
  const odd: Nodes = { ...uses, 1: ['OddWriter', { prompt: 'a', x: 1 }], 2: ['OddPainter', { prompt: 'b' }] }
  assert.deepEqual(makers(odd), ['1'])
  assert.deepEqual(makers(odd, { ...nodeClasses, SaveBoth: nodeClasses['OddOutput'] }), ['2'])
})

test('its inputs, dotted ones too', () => {
  const inputs = {
    'model.prompt': 'a',
    system_prompt: 's',
    negative_prompt: '',
    seed: 1,
    'texture.texture_seed': 2,
    seeds: 3,
    model: 'v1',
    'model.width': 64,
    custom_width: 32,
  }
  const found = new RoleGraph(graph({ 1: ['Partner', inputs], 9: save }))
  assert.deepEqual(
    [promptsOf, negativesOf, seedsOf, modelsOf].map((read) => addresses(read(found, '1'))),
    ['1.model.prompt', '1.negative_prompt', '1.seed 1.texture.texture_seed', '1.model'],
  )
  assert.equal(addresses(inputsNamed(found, '1', /^width$/)), '1.model.width')
})
