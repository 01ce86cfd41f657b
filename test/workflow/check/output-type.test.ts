import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { outputType } from '../../../src/workflow/check/output-type.ts'
import { graph } from '../helpers.ts'
import { objectInfo } from './helpers.ts'

const info = objectInfo({
  Picker: { input: { required: {} }, output: [['euler', 'heun']], output_node: false },
})
const chosen = (on: JsonValue, off: JsonValue): readonly [string, JsonObject] => [
  'ComfySwitchNode',
  { switch: true, on_true: on, on_false: off },
]
const workflow = graph({
  '1': ['EmptyImage', {}],
  '2': ['CheckpointLoaderSimple', {}],
  '3': chosen(['1', 0], 'a text'),
  '4': chosen(['3', 0], ['2', 1]),
  '5': chosen('a', 'b'),
  '6': chosen(['6', 0], ['1', 0]),
  '7': ['Picker', {}],
  '8': ['NoSuchClass', {}],
})

test('the type is the class’s own, or that of what is linked to a switch', () => {
  const types = Array.from(workflow.nodes.keys(), (id) => outputType(workflow, info, [id, 0]))
  assert.deepEqual(types, ['IMAGE', 'MODEL', 'IMAGE', 'CLIP,IMAGE', '*', 'IMAGE,*', 'COMBO', '*'])
  assert.equal(outputType(workflow, info, ['2', 2]), 'VAE')
  assert.equal(outputType(workflow, info, ['2', 3]), '*')
})
