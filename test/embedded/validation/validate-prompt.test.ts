import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writePython } from '../../../src/embedded/python-json.ts'
import { validatePrompt } from '../../../src/embedded/validation/validate-prompt.ts'
import { parseJson, type JsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { toyNodes } from '../toy-nodes.ts'

const folders = { input: '', output: '', temp: '' }

/** What a server would answer, as plain JSON; and the graph it would run. */
function check(prompt: JsonValue, targets?: readonly string[]): JsonObject {
  const isTarget = targets && ((id: string) => targets.includes(id))
  const checked = validatePrompt(prompt, isTarget, toyNodes, folders)
  return parseJson(
    writePython(
      'refused' in checked ? checked.refused : { ...checked, graph: checked.graph as unknown as JsonObject },
    ),
  ) as JsonObject
}

function faultsOf(answer: JsonObject): string[] {
  const errors = (answer.node_errors ?? answer.nodeErrors) as Record<string, { errors: JsonObject[] }>
  return Object.entries(errors).flatMap(([id, { errors }]) =>
    errors.map(({ type, details }) => `${id} ${type as string}: ${details as string}`),
  )
}

const number = { class_type: 'Number', inputs: { value: 4 } }
const save = { class_type: 'Save', inputs: { value: ['1', 0], mode: 'fast' } }

test('a sound graph is accepted with its values converted', () => {
  const answer = check({ 1: { ...number, inputs: { value: '7', more: 'kept' } }, 2: save })
  assert.deepEqual(answer.outputs, ['2'])
  assert.deepEqual(answer.nodeErrors, {})
  assert.deepEqual((answer.graph as JsonObject)['1'], {
    class_type: 'Number',
    inputs: { value: 7, more: 'kept' },
  })
})

test('the sound outputs run, the faults of the others are said', () => {
  const bad = { class_type: 'Number', inputs: { value: 101 } }
  const answer = check({
    1: number,
    2: save,
    3: bad,
    4: { ...save, inputs: { value: ['3', 0], mode: 'fast' } },
  })
  assert.deepEqual(answer.outputs, ['2'])
  assert.deepEqual(faultsOf(answer), ['3 value_bigger_than_max: value'])
})

test('each kind of fault', () => {
  const cases: ReadonlyArray<readonly [JsonObject, string]> = [
    [{ 1: number, 2: { ...save, inputs: { mode: 'fast' } } }, '2 required_input_missing: value'],
    [{ 1: number, 2: { ...save, inputs: { value: ['1'], mode: 'fast' } } }, '2 bad_linked_input: value'],
    [
      { 1: number, 2: { ...save, inputs: { value: ['9', 0], mode: 'fast' } } },
      "2 exception_during_validation: '9'",
    ],
    [
      { 1: number, 2: { ...save, inputs: { value: [1, 0], mode: 'fast' } } },
      '2 exception_during_validation: 1',
    ],
    [
      { 1: number, 2: { ...save, inputs: { value: ['1', 5], mode: 'fast' } } },
      '2 exception_during_validation: tuple index out of range',
    ],
    [{ 1: number, 2: { class_type: 'Save' } }, "2 exception_during_validation: 'inputs'"],
    [{ 1: { class_type: 'Number' }, 2: save }, "1 exception_during_inner_validation: 'inputs'"],
    [
      { 1: { class_type: 'Text', inputs: { text: '' } }, 2: save },
      '2 return_type_mismatch: value, received_type(STRING) mismatch input_type(INT)',
    ],
    [
      { 1: number, 2: { ...save, inputs: { value: ['1', 0], mode: 'fats' } } },
      "2 value_not_in_list: mode: 'fats' not in ['fast', 'slow']",
    ],
    [
      { 1: { class_type: 'Load', inputs: { name: 'y' } }, 2: save },
      '1 custom_validation_failed: name - no file "y"',
    ],
  ]
  for (const [prompt, fault] of cases) assert.deepEqual(faultsOf(check(prompt)), [fault])
})

test('a circle is told with its way', () => {
  const add = (a: string, b: string) => ({ class_type: 'Add', inputs: { a: [a, 0], b: [b, 0] } })
  const answer = check({
    1: add('3', '3'),
    2: { ...save, inputs: { value: ['3', 0], mode: 'fast' } },
    3: add('1', '1'),
  })
  const way = '3 (Add) -> 1 (Add) -> 3 (Add)'
  assert.deepEqual(faultsOf(answer).toSorted(), [`1 dependency_cycle: ${way}`, `3 dependency_cycle: ${way}`])
})

test('long lists are not sent back', () => {
  const options = Array.from({ length: 21 }, (_, index) => `o${index}`)
  const info = { input: { required: { o: [options] } }, output: [], name: 'Long', output_node: true }
  const nodes = new Map([['Long', { info, run: () => ({ outputs: [] }) }]])
  const checked = validatePrompt({ 1: { class_type: 'Long', inputs: { o: 'x' } } }, undefined, nodes, folders)
  assert.ok('refused' in checked)
  const text = writePython(checked.refused)
  assert.match(text, /not in \(list of length 21\)/)
  assert.match(text, /"input_config": null/)
})

test('a class that is not there', () => {
  const titled = {
    1: { class_type: 'Nope', inputs: {}, _meta: { title: 'My node' } },
    2: { class_type: 'Nope2' },
  }
  const { error, node_errors } = check(titled)
  assert.deepEqual(error, {
    type: 'missing_node_type',
    message: "Node 'My node' not found. The custom node may not be installed.",
    details: "Node ID '#1'",
    extra_info: { node_id: '1', class_type: 'Nope', node_title: 'My node' },
  })
  assert.deepEqual(node_errors, {})
})

test('without an output there is nothing to do', () => {
  for (const answer of [check({}), check({ 1: number }), check({ 1: number, 2: save }, ['1'])]) {
    assert.equal((answer.error as JsonObject).type, 'prompt_no_outputs')
  }
})

test('what is no graph at all throws', () => {
  const prompts: readonly JsonValue[] = [null, 'x', [number], { nodes: [] }, { 1: null }]
  for (const prompt of prompts) {
    assert.throws(() => check(prompt), TypeError)
  }
})
