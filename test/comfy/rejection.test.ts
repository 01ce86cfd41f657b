import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { rejectionError } from '../../src/comfy/rejection.ts'
import type { ComfyRunError } from '../../src/errors.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import type { JsonObject } from '../../src/protocol/json.ts'
import { readRejection } from '../../src/protocol/prompt.ts'
import { accessOf, startScripted } from '../rig/scripted-server.ts'

const graph: ApiGraph = {
  '3': { class_type: 'KSampler', inputs: { model: ['4', 7], steps: 0 }, _meta: { title: 'Sampler' } },
  '4': { class_type: 'Loader', inputs: {} },
}
const classes = {
  KSampler: {
    name: 'KSampler',
    input: { required: { sampler_name: [['euler', 'heun']], scheduler: ['COMBO', { options: ['karras'] }] } },
    output: ['LATENT'],
    output_node: false,
  },
  Loader: { name: 'Loader', input: { required: {} }, output: ['MODEL', 'CLIP', 'VAE'], output_node: false },
}

/** The error for a refusal, on a server that knows two classes. */
async function refused(t: TestContext, body: JsonObject, withClasses = true): Promise<ComfyRunError> {
  const server = await startScripted(t, {
    'GET /object_info/*': ({ path }) =>
      withClasses
        ? { json: Object.fromEntries(Object.entries(classes).filter(([name]) => path.endsWith(name))) }
        : { status: 500, body: 'no' },
  })
  return rejectionError(accessOf(t, server), graph, readRejection(body))
}

/** The message for one complaint about node 3, without its beginning. */
async function complaint(
  t: TestContext,
  type: string,
  extra: JsonObject,
  details = '',
  withClasses = true,
): Promise<string> {
  const errors = [{ type, message: 'M', details, extra_info: extra }]
  const error = await refused(
    t,
    {
      error: {
        type: 'prompt_outputs_failed_validation',
        message: 'Prompt outputs failed validation',
        details: '',
        extra_info: {},
      },
      node_errors: { '3': { errors, dependent_outputs: [], class_type: 'KSampler' } },
    },
    withClasses,
  )
  return `${error.code}: ${error.message.replace('the server refused the workflow: node 3 "Sampler" (KSampler)', 'NODE')}`
}

test('every kind of complaint is one sentence with node, input, value and what is allowed', async (t) => {
  const int = ['INT', { min: 1, max: 10_000 }]
  const cases: [string, JsonObject, string, string][] = [
    [
      'required_input_missing',
      { input_name: 'cfg' },
      'cfg',
      'missing-input: NODE: the input "cfg" is missing',
    ],
    ['required_input_missing', {}, 'cfg', 'missing-input: NODE: the input "cfg" is missing'],
    [
      'bad_linked_input',
      { input_name: 'steps', input_config: int, received_value: [20] },
      '',
      'wrong-type: NODE, input "steps": a link looks like ["4", 0], not [20]',
    ],
    [
      'return_type_mismatch',
      { input_name: 'model', input_config: ['MODEL', {}], received_type: 'CLIP', linked_node: ['4', 1] },
      '',
      'wrong-type: NODE, input "model" needs MODEL, but output 1 of node 4 (Loader) is CLIP',
    ],
    [
      'return_type_mismatch',
      { input_name: 'sampler_name', input_config: [['euler'], {}], received_type: 'INT' },
      '',
      'wrong-type: NODE, input "sampler_name" needs one of a list, but it gets INT',
    ],
    [
      'invalid_input_type',
      { input_name: 'steps', input_config: int, received_value: 'x' },
      '',
      'wrong-type: NODE, input "steps": "x" is not of type INT',
    ],
    [
      'value_smaller_than_min',
      { input_name: 'steps', input_config: int, received_value: 0 },
      '',
      'value-out-of-range: NODE, input "steps": 0 is too small; at least 1 is allowed',
    ],
    [
      'value_bigger_than_max',
      { input_name: 'steps', input_config: int, received_value: 20_000 },
      '',
      'value-out-of-range: NODE, input "steps": 20000 is too large; at most 10000 is allowed',
    ],
    [
      'value_not_in_list',
      { input_name: 'sampler_name', input_config: [['euler', 'heun']], received_value: 'eulr' },
      '',
      'value-not-in-list: NODE, input "sampler_name": there is no "eulr"; the server has euler, heun',
    ],
    // Long lists are left out of the answer; the class has them.
    [
      'value_not_in_list',
      { input_name: 'sampler_name', input_config: null, received_value: 'eulr' },
      '',
      'value-not-in-list: NODE, input "sampler_name": there is no "eulr"; the server has euler, heun',
    ],
    [
      'value_not_in_list',
      { input_name: 'scheduler', input_config: null, received_value: 'x' },
      '',
      'value-not-in-list: NODE, input "scheduler": there is no "x"; the server has karras',
    ],
    [
      'value_not_in_list',
      { input_name: 'scheduler', input_config: ['COMBO', { options: ['normal'] }], received_value: 'x' },
      '',
      'value-not-in-list: NODE, input "scheduler": there is no "x"; the server has normal',
    ],
    [
      'value_not_in_list',
      { input_name: 'lora', input_config: [[]], received_value: 'x' },
      '',
      'value-not-in-list: NODE, input "lora": there is no "x"; the server has none at all',
    ],
    [
      'custom_validation_failed',
      { input_name: 'image' },
      'image - Invalid image file: x.png',
      'workflow-rejected: NODE, input "image": Invalid image file: x.png',
    ],
    ['custom_validation_failed', {}, '', 'workflow-rejected: NODE: M'],
    [
      'exception_during_validation',
      { exception_type: 'IndexError' },
      'tuple index out of range',
      'workflow-rejected: NODE links its input "model" to output 7 of node 4 (Loader), which has 3',
    ],
    [
      'exception_during_inner_validation',
      { exception_type: 'TypeError' },
      'what?',
      "workflow-rejected: NODE can't be checked: what?",
    ],
    [
      'dependency_cycle',
      { cycle_nodes: ['3', '4'] },
      '',
      'workflow-rejected: the server refused the workflow: its nodes form a loop: node 3 "Sampler" (KSampler) -> node 4 (Loader) -> node 3 "Sampler" (KSampler)',
    ],
    // The kinds form an open set.
    [
      'invalid_dynamic_input',
      { input_name: 'x' },
      'why',
      'workflow-rejected: NODE, input "x": M (why) [invalid_dynamic_input]',
    ],
  ]
  for (const [type, extra, details, expected] of cases) {
    assert.equal(await complaint(t, type, extra, details), expected)
  }
})

test('where the server can not tell what it has, the message is still one', async (t) => {
  const extra = { input_name: 'sampler_name', input_config: null, received_value: 'eulr' }
  assert.match(await complaint(t, 'value_not_in_list', extra, '', false), /there is no "eulr"/)
  const slot = await complaint(t, 'exception_during_validation', {}, 'tuple index out of range', false)
  assert.match(slot, /links to an output that the other node does not have$/)
})

test('a long value is cut', async (t) => {
  const extra = { input_name: 'steps', input_config: ['INT', {}], received_value: 'x'.repeat(5000) }
  assert.ok((await complaint(t, 'invalid_input_type', extra)).length < 250)
})

test('a missing class, in the words of both generations of servers', async (t) => {
  const old = {
    type: 'invalid_prompt',
    message: 'Cannot execute because node KSampler does not exist.',
    details: "Node ID '#3'",
    extra_info: {},
  }
  const recent = {
    type: 'missing_node_type',
    message: 'm',
    details: "Node ID '#3'",
    extra_info: { node_id: '3', class_type: 'KSampler' },
  }
  for (const error of [old, recent]) {
    const { code, message, hint } = await refused(t, { error, node_errors: {} })
    assert.equal(code, 'missing-node')
    assert.match(message, /node 3 "Sampler" \(KSampler\): the server has no node class "KSampler"$/)
    assert.match(hint ?? '', /custom node/)
  }
})

test('a missing class of a node that is not known', async (t) => {
  const error = { type: 'missing_node_type', message: 'Node not found.', details: '', extra_info: {} }
  assert.match((await refused(t, { error })).message, /: Node not found\.$/)
})

test('a refusal without node errors, of a kind that nobody knows', async (t) => {
  const error = { type: 'quota', message: 'Too much', details: 'wait', extra_info: {} }
  assert.match((await refused(t, { error, node_errors: {} })).message, /: Too much: wait \[quota\]$/)
  assert.match(
    (await refused(t, { error: 'no prompt', node_errors: [] })).message,
    /: no prompt \[rejected\]$/,
  )
})
