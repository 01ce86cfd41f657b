import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { heldInput } from '../../../src/workflow/roles/value-holders.ts'
import { graph } from '../helpers.ts'

const cases: readonly (readonly [string, JsonObject, string | undefined])[] = [
  ['PrimitiveString', { value: 'a' }, 'value'],
  ['PrimitiveInt', { value: 4, control_after_generate: 'randomize' }, 'value'],
  ['Seed (rgthree)', { seed: 18446744073709551615n }, 'seed'],
  ['FloatConstant', { anything: 0.5 }, 'anything'],
  ['PrimitiveInt', { value: ['3', 0] }, 'value'],
  ['ShowText', { text: ['3', 0] }, 'text'],
  ['GetImageSize', { image: ['5', 0] }, undefined],
  ['StringTrim', { string: 'a' }, undefined],
  ['StringLength', { string: 'a' }, undefined],
  ['CLIPTextEncode', { text: 'a', clip: ['5', 0] }, undefined],
  ['PrimitiveMix', { value: 1, other: ['3', 0] }, undefined],
]
for (const [classType, inputs, expected] of cases) {
  test(`${classType} ${Object.keys(inputs).join(', ')} holds ${expected ?? 'nothing'}`, () => {
    assert.equal(heldInput(graph({ 2: [classType, inputs] }), '2'), expected)
  })
}

test('a node that is not there holds nothing', () => {
  assert.equal(heldInput(graph({ 2: ['PrimitiveInt', { value: 1 }] }), '9'), undefined)
})
