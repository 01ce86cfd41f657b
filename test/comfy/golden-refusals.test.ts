import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectTo, replayRuns, runOf } from '../rig/golden-runs.ts'
import { exchanges, readScenario } from '../rig/golden.ts'
import { startReplay } from '../rig/replay.ts'

const limit = { timeout: 10_000 }
const start = 'the server refused the workflow: '
const unreadable =
  'workflow-rejected: the server could not read the workflow: 500 Internal Server Error Server got itself in trouble'
const loader = 'node 4 "Load Checkpoint" (CheckpointLoaderSimple)'

/** What a user reads about each refused case of a scenario: code, message, details. */
async function refusals(t: Parameters<typeof replayRuns>[0], name: string): Promise<Record<string, string>> {
  const { runs } = await replayRuns(t, name, { beat: 20 })
  return Object.fromEntries(
    runs.flatMap(({ case: label, refusal }) => {
      if (!refusal) return []
      const message = refusal.message.replace(start, '')
      return [[label, [`${refusal.code}: ${message}`, ...refusal.details].join('\n')]]
    }),
  )
}

test('faults of the whole graph: the class, the node, or what is missing', limit, async (t) => {
  assert.deepEqual(await refusals(t, '06a-validation-structure'), {
    'missing class_type (node with title)': 'missing-node: node 3 "KSampler" has no class_type',
    'missing class_type (node without _meta)': 'missing-node: node 3 has no class_type',
    'unknown class_type':
      'missing-node: node 3 "KSampler" (KSamplerTurbo9000): the server has no node class "KSamplerTurbo9000"',
    'two unknown class_types: only the first is reported':
      'missing-node: node 3 "KSampler" (NopeA): the server has no node class "NopeA"',
    'no output node': 'workflow-rejected: it has no output node, so nothing would be made',
    'empty prompt': 'workflow-rejected: it has no output node, so nothing would be made',
    'node without inputs': 'workflow-rejected: node 3 (KSampler) has no "inputs"',
    'no prompt key': 'workflow-rejected: No prompt provided [no_prompt]',
    'body is a JSON list': 'workflow-rejected: No prompt provided [no_prompt]',
    // pitfall 3: a 500 is plain text
    'node is a string': unreadable,
    'node is null': unreadable,
    'UI workflow instead of API format (first key holds a list)': unreadable,
    'UI workflow, first key holds a number': unreadable,
    'prompt is a list': unreadable,
    'prompt is a string': unreadable,
    'prompt is null': unreadable,
    'body not JSON': unreadable,
    'empty body': unreadable,
    'extra_data null': unreadable,
    'number not numeric': unreadable,
  })
})

test('a refused prompt is posted once: another try would not help', limit, async (t) => {
  const name = '06a-validation-structure'
  const { replay } = await replayRuns(t, name) // pitfall 56
  const posts = replay.requests.filter(({ method, path }) => method === 'POST' && path === '/prompt')
  assert.equal(posts.length, exchanges(readScenario(name), 'POST', '/prompt').length)
})

test('faults of single inputs: node, input, value, and what is allowed', limit, async (t) => {
  const sampler = 'node 3 (KSampler)'
  assert.deepEqual(await refusals(t, '06b-validation-inputs'), {
    // pitfall 2
    'value_not_in_list: ckpt':
      `value-not-in-list: ${loader}, input "ckpt_name": there is no "sd_xl_base_1.0.safetensors"; ` +
      'the server has sdXL_v10VAEFix.safetensors',
    'value_not_in_list: sampler with more than 20 options':
      `value-not-in-list: ${sampler}, input "sampler_name": there is no "eulerr"; the server has euler, ` +
      'euler_cfg_pp, euler_ancestral, euler_ancestral_cfg_pp, heun, heunpp2, exp_heun_2_x0, exp_heun_2_x0_sde, ' +
      'dpm_2, dpm_2_ancestral, lms, dpm_fast, dpm_adaptive, dpmpp_2s_ancestral, dpmpp_2s_ancestral_cfg_pp, ' +
      'dpmpp_sde, dpmpp_sde_gpu, dpmpp_2m, dpmpp_2m_cfg_pp, dpmpp_2m_sde, and 24 more',
    'value_smaller_than_min: steps': `value-out-of-range: ${sampler}, input "steps": 0 is too small; at least 1 is allowed`,
    'value_bigger_than_max: cfg': `value-out-of-range: ${sampler}, input "cfg": 101 is too large; at most 100 is allowed`,
    'invalid_input_type: steps': `wrong-type: ${sampler}, input "steps": "abc" is not of type INT`,
    'invalid_input_type: steps null': `wrong-type: ${sampler}, input "steps": null is not of type INT`,
    'list of one where a number is expected (bad_linked_input)': `wrong-type: ${sampler}, input "steps": a link looks like ["4", 0], not [20]`,
    'required_input_missing: value': `missing-input: ${sampler}: the input "cfg" is missing`,
    'required_input_missing: link': `missing-input: ${sampler}: the input "model" is missing`,
    return_type_mismatch: `wrong-type: ${sampler}, input "model" needs MODEL, but output 1 of ${loader} is CLIP`,
    'link to a missing node': `workflow-rejected: ${sampler} links its input "model" to node 99, which does not exist`,
    'integer node id in link':
      `workflow-rejected: ${sampler} has a link with a number for a node id: ` +
      'its input "model" must be ["4", 0], not [4, 0]',
    'slot out of range': `workflow-rejected: ${sampler} links to an output that the other node does not have`,
    'return_type_mismatch on the output node itself': `wrong-type: node 9 "Save Image" (SaveImage), input "images" needs IMAGE, but output 0 of ${loader} is MODEL`,
    'several faults in several nodes': [
      'workflow-rejected: 4 inputs are wrong',
      `${sampler}, input "steps": 0 is too small; at least 1 is allowed`,
      `${sampler}, input "cfg": "x" is not of type FLOAT`,
      `${loader}, input "ckpt_name": there is no "nope.ckpt"; the server has sdXL_v10VAEFix.safetensors`,
      'node 5 "Empty Latent Image" (EmptyLatentImage), input "width": 8 is too small; at least 16 is allowed',
    ].join('\n'),
    'custom_validation_failed: LoadImage of a missing file':
      'workflow-rejected: node 1 "Load" (LoadImage), input "image": Invalid image file: no_such_file.png',
  })
})

test('a near name is suggested', limit, async (t) => {
  const { runs } = await replayRuns(t, '06b-validation-inputs')
  assert.match(runs[0]?.refusal?.hint ?? '', /did you mean "sdXL_v10VAEFix.safetensors"\?.*--model/)
  assert.match(runs[1]?.refusal?.hint ?? '', /did you mean "euler"\?/) // pitfall 50
})

test('a loop is shown once, closed', limit, async (t) => {
  assert.deepEqual(await refusals(t, '06c-validation-cycle'), {
    'cycle of two nodes upstream of the output':
      'workflow-rejected: its nodes form a loop: node 2 (ImageInvert) -> node 1 (ImageInvert) -> node 2 (ImageInvert)',
    'node linked to itself':
      'workflow-rejected: its nodes form a loop: node 1 (ImageInvert) -> node 1 (ImageInvert)',
  })
})

test('a refusal whose body is no JSON, because Infinity is in it', limit, async (t) => {
  const { runs } = await replayRuns(t, '06f-nan') // pitfall 20
  assert.equal(runs[1]?.refusal?.code, 'value-out-of-range')
  assert.match(runs[1]?.refusal?.message ?? '', /node 1 \(PrimitiveFloat\), input "value"/)
})

test('faults at the output node itself, and one that is only found while running', limit, async (t) => {
  const save = 'node 2 "Save Image" (SaveImage)'
  assert.deepEqual(await refusals(t, '06h-validation-output-node'), {
    'missing node': `workflow-rejected: ${save} links its input "images" to node 99, which does not exist`,
    'integer node id': `workflow-rejected: ${save} has a link with a number for a node id: its input "images" must be ["1", 0], not [1, 0]`,
    'slot out of range': `workflow-rejected: ${save} links to an output that the other node does not have`,
    'output node without inputs': `workflow-rejected: ${save} has no "inputs"`,
  })
  const { runs } = await replayRuns(t, '06h-validation-output-node', { beat: 20 })
  const accepted = runs.find(({ outcome }) => outcome)
  assert.equal(accepted?.case, 'null')
  assert.equal(
    accepted.outcome?.error?.message,
    `${save} failed: 'NoneType' object is not subscriptable [TypeError]`,
  )
})

test('seeds that do not fit', limit, async (t) => {
  const scenario = readScenario('13b-seed-refused')
  const replay = await startReplay(t, scenario)
  const server = await connectTo(t, replay)
  const posts = exchanges(scenario, 'POST', '/prompt')
  const seen: (string | undefined)[] = []
  // Nobody waited for the last one, which is accepted.
  for (const post of posts.slice(0, -1))
    seen.push((await runOf(server, post)).refusal?.message.replace(start, ''))
  const place = 'node 3 (KSampler), input "seed":'
  const tooLarge = 'is too large; at most 18446744073709551615 is allowed' // pitfall 21
  assert.deepEqual(seen, [
    `${place} 18446744073709551616 ${tooLarge}`,
    `${place} -1 is too small; at least 0 is allowed`,
    `${place} 18446744073709552000 ${tooLarge}`,
    `${place} 18446744073709551616 ${tooLarge}`,
    `${place} null is not of type INT`,
    `${place} "abc" is not of type INT`,
  ])
})

test('malformed prompt ids are refused with the reason', limit, async (t) => {
  const messages = Object.values(await refusals(t, '12a-own-prompt-id'))
  assert.equal(messages.length, 7)
  for (const message of messages)
    assert.match(message, /^workflow-rejected: prompt_id must be a valid UUID: /)
})

test('partial outcome: the dropped outputs are named', limit, async (t) => {
  const { runs } = await replayRuns(t, '06d-validation-partial') // pitfall 1
  const error = runs[0]?.outcome?.error
  assert.equal(error?.message, 'the server ran only a part of the workflow: it refused some outputs')
  assert.deepEqual(error.details, ['node b1 "Bad" (EmptyImage): Value 0 smaller than min of 1 (width)'])
})
