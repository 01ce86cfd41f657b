import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import type { NodeClass } from '../../../src/protocol/object-info.ts'
import { inputForms } from '../../../src/workflow/check/input-forms.ts'

/** The forms of a class with these required inputs, in short: `name type`, with `?` if it may be left out. */
function forms(required: JsonObject, values: JsonObject = {}): string[] {
  const nodeClass: NodeClass = { input: { required }, output: [], name: 'Any', output_node: false }
  return Array.from(
    inputForms(nodeClass, values).forms.values(),
    (form) => `${form.name}${form.required ? '' : '?'} ${form.type}`,
  )
}

const grow = (template: JsonObject): JsonObject => ({
  group: ['COMFY_AUTOGROW_V3', { template: { input: { required: { each: ['IMAGE', {}] } }, ...template } }],
})

test('combos are known in both notations; one without a list has no choices', () => {
  const nodeClass: NodeClass = {
    input: {
      required: { old: [['a', 'b']], new: ['COMBO', { options: ['c'] }] },
      optional: { remote: ['COMBO', { remote: { route: '/files' } }] },
    },
    output: [],
    name: 'Any',
    output_node: false,
  }
  const found = Array.from(inputForms(nodeClass, {}).forms.values(), ({ type, choices }) => [type, choices])
  assert.deepEqual(found, [
    ['COMBO', ['a', 'b']],
    ['COMBO', ['c']],
    ['COMBO', undefined],
  ])
})

test('a dynamic combo brings the inputs of its choice, also of choices within', () => {
  const inner: JsonValue = [
    'COMFY_DYNAMICCOMBO_V3',
    { options: [{ key: 'h264', inputs: { required: { crf: ['FLOAT', {}] } } }] },
  ]
  const codec: JsonValue = [
    'COMFY_DYNAMICCOMBO_V3',
    {
      options: [
        { key: 'mp4', inputs: { required: { codec: inner } } },
        { key: 'gif', inputs: { required: {} } },
      ],
    },
  ]
  const chosen = { format: 'mp4', 'format.codec': 'h264' }
  assert.deepEqual(forms({ format: codec }, chosen), [
    'format COMBO',
    'format.codec COMBO',
    'format.codec.crf FLOAT',
  ])
  assert.deepEqual(forms({ format: codec }, { format: 'gif' }), ['format COMBO'])
})

test('a growing group has the slots that are filled, and as many as it needs', () => {
  const numbered = grow({ prefix: 'image', min: 2, max: 9 })
  assert.deepEqual(forms(numbered), ['group.image0 IMAGE', 'group.image1 IMAGE'])
  assert.deepEqual(forms(numbered, { 'group.image4': 1 }), ['group.image4? IMAGE', 'group.image0 IMAGE'])
  assert.deepEqual(forms(numbered, { 'group.image1': 1, 'group.image2': 1 }), [
    'group.image1? IMAGE',
    'group.image2? IMAGE',
  ])
  assert.deepEqual(forms(grow({ names: ['a', 'b'], min: 1 }), { 'group.b': 1, 'group.c': 1 }), [
    'group.b? IMAGE',
  ])
})

test('what a group of an unknown kind has in it is left open', () => {
  const nodeClass: NodeClass = {
    input: { required: { slot: ['COMFY_DYNAMICSLOT_V3', {}], broken: 7 } },
    output: [],
    name: 'Any',
    output_node: false,
  }
  assert.deepEqual(inputForms(nodeClass, {}).open, ['slot.'])
})
