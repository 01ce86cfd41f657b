import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { infoOf, inputsOf, inputsOfOne, subgraph, uiGraph, withSubgraphs, type NodeSpec } from './helpers.ts'

/** What is sent for a node of one class with these stored values. */
function sent(required: JsonObject, values: JsonValue, more: JsonObject = {}): JsonObject {
  return inputsOfOne({ type: 'A', values }, infoOf({ A: { input: { required }, ...more } }))
}

const choices = ['COMBO', { options: ['x', 'y'] }]

test('values are taken in the order of the class, required before optional', () => {
  const input = { required: { a: ['INT', {}], b: ['STRING', {}] }, optional: { c: ['BOOLEAN', {}] } }
  const info = infoOf({ A: { input } })
  assert.deepEqual(inputsOfOne({ type: 'A', values: [1, 'two', true] }, info), { a: 1, b: 'two', c: true })
})

test('input_order says the order; what it does not name comes last', () => {
  const order = { input_order: { required: ['b', 'a'] } }
  const required = { z: ['INT', {}], a: ['INT', {}], b: ['INT', {}] }
  assert.deepEqual(sent(required, [1, 2, 3], order), { b: 1, a: 2, z: 3 })
})

test('what the file does not hold is the default', () => {
  const required = {
    int: ['INT', { default: 7 }],
    bare: ['INT', {}],
    text: ['STRING', {}],
    flag: ['BOOLEAN', {}],
    list: [['p', 'q'], {}],
    chosen: ['COMBO', { options: ['p', 'q'], default: 'q' }],
    empty: [[]],
    color: ['COLOR', {}],
  }
  const defaults = { int: 7, bare: 0, text: '', flag: false, list: 'p', chosen: 'q', color: '#000000' }
  assert.deepEqual(sent(required, []), defaults)
  assert.deepEqual(sent(required, null), defaults)
})

test('integers of 64 bits survive', () => {
  assert.deepEqual(sent({ seed: ['INT', {}] }, [18446744073709551615n, 'fixed']), {
    seed: 18446744073709551615n,
  })
})

const controls: readonly (readonly [name: string, config: JsonValue, places: number])[] = [
  ['seed', ['INT', {}], 1],
  ['noise_seed', ['INT', {}], 1],
  ['seed', ['INT', { control_after_generate: false }], 0],
  ['value', ['INT', { control_after_generate: 'fixed' }], 1],
  ['value', ['INT', { control_after_generate: true }], 1],
  ['value', ['INT', {}], 0],
  ['value', ['FLOAT', { control_after_generate: true }], 1],
  ['seed', ['FLOAT', {}], 0],
  ['value', ['COMBO', { options: ['x'], control_after_generate: true }], 2],
  ['value', ['BOUNDING_BOX', {}], 4],
]
for (const [name, config, places] of controls) {
  test(`${name} ${JSON.stringify(config)} is followed by ${places} places of other widgets`, () => {
    const values = ['its own', ...Array.from({ length: places }, () => 'randomize'), 'next']
    assert.deepEqual(sent({ [name]: config, after: ['STRING', {}] }, values), {
      [name]: 'its own',
      after: 'next',
    })
  })
}

test('the place of an upload button comes last and is of no account', () => {
  const required = { image: [['a.png'], { image_upload: true }], size: ['INT', {}] }
  assert.deepEqual(sent(required, ['b.png', 3, 'image']), { image: 'b.png', size: 3 })
})

test('forceInput makes a mere socket, which takes no place and has no default', () => {
  const required = { text: ['STRING', { forceInput: true, default: 'x' }], size: ['INT', {}] }
  assert.deepEqual(sent(required, [3]), { size: 3 })
})

test('older pages kept a place for forceInput: the length of the list tells', () => {
  const required = { size: ['INT', {}], text: ['STRING', { forceInput: true }], steps: ['INT', {}] }
  assert.deepEqual(sent(required, [3, 'old', 20]), { size: 3, steps: 20 })
  assert.deepEqual(sent(required, [3, 20]), { size: 3, steps: 20 })
})

test('widgetType is the type of the widget of an input that takes several', () => {
  const required = { rate: ['FLOAT,INT', { widgetType: 'FLOAT', default: 25 }], any: ['FLOAT,INT', {}] }
  assert.deepEqual(sent(required, []), { rate: 25 })
})

test('a list is wrapped, so that it is not taken for a link; lists inside objects stay', () => {
  const required = { boxes: ['BOUNDING_BOXES', {}], curve: ['CURVE', {}] }
  assert.deepEqual(sent(required, [['4', 0], { points: [[0, 1]] }]), {
    boxes: { __value__: ['4', 0] },
    curve: { points: [[0, 1]] },
  })
})

test('values that are stored by name are taken by name', () => {
  const required = { a: ['INT', {}], b: ['INT', { default: 5 }], toString: ['STRING', {}] }
  assert.deepEqual(sent(required, { a: 1, preview: {} }), { a: 1, b: 5, toString: '' })
})

test('a dynamic COMBO is followed by the widgets of its choice, and of theirs', () => {
  const codecs: JsonValue = [
    { key: 'auto', inputs: {} },
    { key: 'fine', inputs: { required: { crf: ['FLOAT', { default: 23 }] } } },
  ]
  const video: JsonObject = {
    required: { codec: ['COMFY_DYNAMICCOMBO_V3', { options: codecs }], clip: ['IMAGE'] },
    optional: { seed: ['INT', {}] },
  }
  const formats: JsonValue = [
    { key: 'none', inputs: {} },
    { key: 'video', inputs: video },
  ]
  const required = { format: ['COMFY_DYNAMICCOMBO_V3', { options: formats }], after: ['INT', {}] }
  assert.deepEqual(sent(required, ['none', 9]), { format: 'none', after: 9 })
  assert.deepEqual(sent(required, ['video', 'fine', 18, 42, 9]), {
    format: 'video',
    'format.codec': 'fine',
    'format.codec.crf': 18,
    // A seed inside has no control of its own.
    'format.seed': 42,
    after: 9,
  })
  assert.deepEqual(sent(required, []), { format: 'none', after: 0 })
  assert.deepEqual(sent(required, ['gone', 9]), { format: 'gone', after: 9 })
})

test('a widget of a type that a custom node brings is known by its socket', () => {
  const info = infoOf({ A: { input: { required: { knob: ['KNOB', {}], after: choices } } } })
  const values = [0.5, 'y']
  assert.deepEqual(inputsOfOne({ type: 'A', values, in: { '*knob': ['KNOB'] } }, info), {
    knob: 0.5,
    after: 'y',
  })
  assert.deepEqual(inputsOfOne({ type: 'A', values: ['y'], in: { knob: ['KNOB'] } }, info), { after: 'y' })
})

test('what the page adds to a class is sent', () => {
  const input = { required: { mesh: ['MESH', {}], filename_prefix: ['STRING', {}] } }
  assert.deepEqual(inputsOfOne({ type: 'SaveGLB', values: ['3d/a', ''] }, infoOf({ SaveGLB: { input } })), {
    filename_prefix: '3d/a',
    image: '',
  })
})

test('buttons stand before the scene of a node that loads it', () => {
  const input = { required: { model_file: choices, image: ['LOAD_3D', {}], width: ['INT', {}] } }
  const values = ['x', 'upload', 'upload more', 'clear', '', 640]
  assert.deepEqual(inputsOfOne({ type: 'Load3D', values }, infoOf({ Load3D: { input } })), {
    model_file: 'x',
    image: '',
    width: 640,
  })
})

test('a comparison of images has a value, but no place', () => {
  const input = { required: { compare_view: ['IMAGECOMPARE', { socketless: true }] } }
  assert.deepEqual(inputsOfOne({ type: 'A', values: [] }, infoOf({ A: { input } })), {
    compare_view: { __value__: ['', ''] },
  })
})

test('a custom combo sends its choice, the number of it and every option, the empty last one too', () => {
  const info = infoOf({ CustomCombo: { input: { required: { choice: ['COMBO', { options: [] }] } } } })
  const all = { choice: 'b', index: 1, option1: 'a', option2: 'b', option3: '' }
  assert.deepEqual(inputsOfOne({ type: 'CustomCombo', values: ['b', 1, 'a', 'b', ''] }, info), all)
  assert.deepEqual(inputsOfOne({ type: 'CustomCombo', values: ['b', 1, 'a', 'b'] }, info), all)
  assert.deepEqual(inputsOfOne({ type: 'CustomCombo', values: [] }, info), {
    choice: '',
    index: 0,
    option1: '',
  })
})

test('the number of a choice is that of the choice that is sent', () => {
  const info = infoOf({ CustomCombo: { input: { required: { choice: ['COMBO', { options: [] }] } } } })
  const combo: NodeSpec = {
    type: 'CustomCombo',
    values: ['b', 1, 'a', 'b', ''],
    in: { '*choice': ['COMBO', 1] },
  }
  const inner = subgraph('inner', { 7: combo }, [[1, -10, 0, 7, 0]], { in: [['choice', 'COMBO']] })
  const indexOf = (choice: string): unknown =>
    inputsOf(withSubgraphs(uiGraph({ 5: { type: 'inner', values: [choice] } }), inner), info)['5:7']?.[
      'index'
    ]
  assert.deepEqual(['a', 'b', 'c'].map(indexOf), [0, 1, -1])
})

test('a loader of many LoRAs sends a row for each', () => {
  const type = 'Power Lora Loader (rgthree)'
  const [one, other] = [
    { on: true, lora: 'a.safetensors', strength: 1 },
    { on: false, lora: 'b.safetensors', strength: 0.5 },
  ]
  const values: JsonValue = [{}, { type: 'PowerLoraLoaderHeaderWidget' }, one, other, {}, '']
  const info = infoOf({ [type]: { input: { required: {}, optional: {} } } })
  assert.deepEqual(inputsOfOne({ type, values }, info), { lora_1: one, lora_2: other })
})

test('a format brings inputs of its own', () => {
  const formats: JsonValue = {
    'video/mp4': [
      ['pix_fmt', ['yuv420p', 'yuv444p']],
      ['crf', 'INT', { default: 19 }],
    ],
  }
  const required = { rate: ['INT', {}], format: [['gif', 'video/mp4'], { formats }], loop: ['INT', {}] }
  const values = { rate: 8, format: 'video/mp4', crf: 30, loop: 1, videopreview: { hidden: false } }
  assert.deepEqual(sent(required, values), {
    rate: 8,
    format: 'video/mp4',
    pix_fmt: 'yuv420p',
    crf: 30,
    loop: 1,
  })
  assert.deepEqual(sent(required, { ...values, format: 'gif' }), { rate: 8, format: 'gif', loop: 1 })
})
