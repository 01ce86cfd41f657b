import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringifyJson, type JsonValue } from '../../../src/protocol/json.ts'
import { checkGraph } from '../../../src/workflow/check/check-graph.ts'
import { GraphCheck } from '../../../src/workflow/check/graph-check.ts'
import { patchWorkflow, type Patch } from '../../../src/workflow/patch.ts'
import { fixture, ref } from '../helpers.ts'
import { objectInfo, short } from './helpers.ts'

const info = objectInfo()
const server = { objectInfo: info, isLive: true, source: 'http://a' }
const base = fixture('ksampler')
const check = new GraphCheck(base, [server])
const set = (address: string, value: JsonValue): Patch => ({ target: ref(address), value })

/** Its model is one that the embedded server lacks, so that the workflow itself has a fault. */
const model = set('4.ckpt_name', 'sdXL_v10VAEFix.safetensors')

const patches: readonly (readonly Patch[])[] = [
  [],
  [model],
  [model, set('3.sampler_name', 'nothing'), set('3.steps', 0)],
  [model, set('3.seed', 2n ** 64n), set('6.text', 'a fox')],
  [model, set('3.model', ['99', 0])],
  [model, set('3.latent_image', ['4', 0]), set('3.steps', 0)],
  [model, set('3.latent_image', ['5', 0])],
  [set('3.latent_image', 'none'), set('4.ckpt_name', 'gone.ckpt')],
]
for (const some of patches) {
  const shown = some
    .map(({ target, value }) => `${target.node}.${target.input}=${stringifyJson(value)}`)
    .join(' ')
  test(`finds what a check of the whole graph would: ${shown || 'nothing set'}`, () => {
    const whole = checkGraph(patchWorkflow(base, some).workflow, info, { isLive: true })
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(short(check.findings(some)).sort(), short(whole).sort())
    }
  })
}

test('inputs that are filled later are not at fault', () => {
  assert.deepEqual(short(check.findings([])), ['error missing-model 4.ckpt_name'])
  assert.deepEqual(check.findings([], [ref('4.ckpt_name')]), [])
})

test('a value is wrong if no server takes it, and warned of if some do', () => {
  const other = {
    ...server,
    source: 'http://b',
    objectInfo: objectInfo({
      CheckpointLoaderSimple: {
        input: { required: { ckpt_name: [['b.safetensors']] } },
        output: ['MODEL', 'CLIP', 'VAE'],
      },
    }),
  }
  const both = new GraphCheck(patchWorkflow(base, [model]).workflow, [server, other])
  assert.deepEqual(short(both.findings([set('4.ckpt_name', 'c.safetensors')])), [
    'error missing-model 4.ckpt_name',
  ])
  const [finding] = both.findings([set('4.ckpt_name', 'b.safetensors')])
  assert.equal(finding?.severity, 'warning')
  assert.match(finding?.message ?? '', /^on http:\/\/a: node 4/)
})

test('without a server to ask nothing is known to be wrong', () => {
  const blind = new GraphCheck(base, [])
  assert.deepEqual(blind.findings([set('3.steps', -1), set('3.model', ['99', 0])]), [])
})
