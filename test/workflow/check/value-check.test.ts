import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import type { InputForm } from '../../../src/workflow/check/input-forms.ts'
import { valueCheck, type ValueCheckOptions } from '../../../src/workflow/check/value-check.ts'

function form(type: string, choices?: readonly JsonValue[], options: JsonObject = {}): InputForm {
  return { name: 'x', required: true, type, ...(choices && { choices }), options, isSelector: false }
}

/** What is said of a value: `severity code`, or nothing. */
function said(input: InputForm, value: JsonValue, options?: ValueCheckOptions): string {
  const complaint = valueCheck(input, options)(value)
  return complaint ? `${complaint.severity ?? 'error'} ${complaint.code}` : ''
}

const bounded = { min: 1, max: 10 }
const table: readonly (readonly [InputForm, JsonValue, string])[] = [
  [form('INT', undefined, bounded), 5, ''],
  [form('INT', undefined, bounded), '5', ''],
  [form('INT', undefined, bounded), '5.0', 'error wrong-type'],
  [form('INT', undefined, bounded), 5.5, 'warning wrong-type'],
  [form('INT', undefined, bounded), true, 'warning wrong-type'],
  [form('INT', undefined, bounded), null, 'error wrong-type'],
  [form('INT', undefined, bounded), 0, 'error value-out-of-range'],
  [form('INT', undefined, bounded), '11', 'error value-out-of-range'],
  [form('INT', undefined, { max: 2n ** 64n - 1n }), 2n ** 64n - 1n, ''],
  [form('INT', undefined, { max: 2n ** 64n - 1n }), 2n ** 64n, 'error value-out-of-range'],
  [form('FLOAT', undefined, { min: null, max: null }), 1e300, ''],
  [form('FLOAT', undefined, bounded), '1e1', ''],
  [form('FLOAT', undefined, bounded), 'ten', 'error wrong-type'],
  [form('FLOAT', undefined, bounded), {}, 'error wrong-type'],
  [form('FLOAT,INT', undefined, bounded), 11, 'error value-out-of-range'],
  [form('BOOLEAN'), false, ''],
  [form('BOOLEAN'), 0, ''],
  [form('BOOLEAN'), 'false', 'warning wrong-type'],
  [form('STRING'), '', ''],
  [form('STRING'), 12, ''],
  [form('STRING'), null, 'warning wrong-type'],
  [form('STRING'), { a: 1 }, 'warning wrong-type'],
  [form('STRING'), { __value__: ['a', 'b'] }, ''],
  [form('MODEL'), 'x.safetensors', 'error wrong-type'],
  [form('MODEL'), null, 'error wrong-type'],
  [{ ...form('MODEL'), required: false }, null, ''],
  [form('COLOR'), '#848484', ''],
  [form('*'), { any: 'thing' }, ''],
  [form('COMBO', ['a', 'b']), 'a', ''],
  [form('COMBO', ['a', 'b']), 'c', 'error value-not-in-list'],
  [form('COMBO', [5, 10]), 5, ''],
  [form('COMBO', [5, 10]), '5', 'error value-not-in-list'],
  [form('COMBO', []), 'c', 'error value-not-in-list'],
  [form('COMBO', []), 'c.safetensors', 'error missing-model'],
  [form('COMBO', ['None', 'a.safetensors']), 'b', 'error missing-model'],
  [form('COMBO'), 'anything', ''],
  [form('COMBO', [{ content: 'a.safetensors' }]), 'b.safetensors', ''],
  [form('COMBO', ['a', 'b', 'c'], { multiselect: true }), { __value__: ['a', 'c'] }, ''],
  [
    form('COMBO', ['a', 'b', 'c'], { multiselect: true }),
    { __value__: ['a', 'd'] },
    'error value-not-in-list',
  ],
  [form('COMBO', [], { image_upload: true }), 'cat.png', ''],
  [form('COMBO', []), 'speech.wav', ''],
  [form('COMBO', ['dog.png'], { image_upload: true }), 'cat.png', 'error missing-input-file'],
  [form('COMBO', ['dog.png'], { image_upload: true }), 'mine/cat.png', ''],
  [form('COMBO', ['dog.png'], { image_upload: true }), 'cat.png [output]', ''],
]

for (const [input, value, expected] of table) {
  const shown = `${input.type} ${JSON.stringify(input.choices ?? input.options, exact)} and ${JSON.stringify(value, exact)}`
  test(`${shown}: ${expected === '' ? 'nothing' : expected}`, () => {
    assert.equal(said(input, value), expected)
  })
}

test('a list of input files is complete only if it comes from the server itself', () => {
  const files = form('COMBO', [], { image_upload: true })
  assert.equal(said(files, 'cat.png', { isLive: true }), 'error missing-input-file')
})

test('the lists of paid services are only believed if they come from the server itself', () => {
  const models = form('COMBO', ['pro-1', 'pro-2'])
  assert.equal(said(models, 'pro-3', { isService: true }), '')
  assert.equal(said(models, 'pro-3', { isService: true, isLive: true }), 'error value-not-in-list')
})

test('a model’s hint is the near name, else where to get it', () => {
  const models = form('COMBO', ['xl/base.safetensors', 'other.safetensors'])
  const hint = (value: string): string =>
    valueCheck(models, { download: () => 'download it' })(value)?.hint ?? ''
  assert.equal(
    hint('xl\\base.safetensors'),
    'it has "xl/base.safetensors": the server runs on a system where folders end with /',
  )
  assert.equal(hint('base.safetensors'), 'did you mean "xl/base.safetensors"?')
  assert.equal(hint('unheard-of-1234.ckpt'), 'download it')
})

test('of a long list a part is told', () => {
  const long = form(
    'COMBO',
    Array.from({ length: 100 }, (_, index) => `option ${index}`),
  )
  const text = valueCheck(long)('nothing like it at all')?.text ?? ''
  assert.match(text, /option 0, .*option 19, and 80 more$/)
})

function exact(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
