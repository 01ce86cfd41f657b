import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComfyRunError } from '../../src/errors.ts'
import { Addresses, assign, type LayerSetting } from '../../src/plan/assign.ts'
import { exampleWorkflow } from './helpers.ts'

const setting = (address: string, value: string, more: Partial<LayerSetting> = {}): LayerSetting => ({
  address,
  value,
  typed: false,
  folder: '.',
  ...more,
})

function assigned(...layers: LayerSetting[][]): { values: string[]; errors: ComfyRunError[] } {
  const errors: ComfyRunError[] = []
  const { assignments } = assign(new Addresses(exampleWorkflow()), layers, (error) => errors.push(error))
  const values = assignments.flatMap(({ setting, targets }) =>
    targets.map(({ node, input }) => `${node}.${input}=${JSON.stringify(setting.value)}`),
  )
  return { values, errors }
}

test('a later layer wins, input by input and whatever the input is called', () => {
  const { values, errors } = assigned(
    [setting('prompt', 'weak'), setting('steps', '1')],
    [setting('6.text', 'strong')],
  )
  assert.deepEqual(values, ['6.text="strong"', '3.steps="1"'])
  assert.deepEqual(errors, [])
})

test('two different values for one input in one layer are an error, two equal ones are not', () => {
  assert.deepEqual(assigned([setting('prompt', 'a'), setting('6.text', 'a')]).errors, [])
  const [fromOptions] = assigned([setting('prompt', 'a'), setting('6.text', 'b')]).errors
  assert.equal(fromOptions?.code, 'bad-option')
  const where = { file: 'jobs.csv', line: 2 }
  const cell = { where, addressWhere: { file: 'jobs.csv', line: 1 } }
  const [fromRow] = assigned([setting('prompt', 'a', cell), setting('6.text', 'b', cell)]).errors
  assert.deepEqual([fromRow?.code, fromRow?.where], ['bad-row', where])
})

test('every unknown address is reported, at its key, and the others are still set', () => {
  const addressWhere = { file: 'jobs.csv', line: 1, column: 3 }
  const { values, errors } = assigned([
    setting('counts', '1', { addressWhere }),
    setting('99.text', 'x', { addressWhere }),
    setting('shot', 'x', { addressWhere }),
    setting('steps', '5'),
  ])
  assert.deepEqual(values, ['3.steps="5"'])
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where]),
    [
      ['unknown-address', addressWhere],
      ['unknown-address', addressWhere],
      ['unknown-address', addressWhere],
    ],
  )
  assert.equal(errors[0]?.hint, 'did you mean "count"?')
  assert.match(errors[2]?.hint ?? '', /row\.shot/)
})
