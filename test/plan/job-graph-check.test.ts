import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPlan } from '../../src/plan/check.ts'
import { csvRows } from '../../src/plan/csv-rows.ts'
import { JobGraphCheck } from '../../src/plan/job-graph-check.ts'
import type { PlanOptions } from '../../src/plan/jobs.ts'
import type { Row } from '../../src/plan/row.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import type { ObjectInfo } from '../../src/protocol/object-info.ts'
import { patchWorkflow } from '../../src/workflow/patch.ts'
import { makerOf, objectInfo } from '../workflow/check/helpers.ts'
import { exampleWorkflow, pieces } from './helpers.ts'

function optionsFor(text: string, more: Partial<PlanOptions> = {}): PlanOptions {
  const rows: AsyncIterable<Row> = { [Symbol.asyncIterator]: () => csvRows('jobs.csv', pieces(text)) }
  return { workflow: exampleWorkflow(), rows, defaults: [], seedSalt: 'salt', sourceFolder: '.', ...more }
}

test('a row’s value is told at its cell, an option’s and the workflow’s own once', async () => {
  let asked = 0
  const graphs = new JobGraphCheck(async () => {
    asked += 1
    return [{ objectInfo: objectInfo(), isLive: true, source: 'http://a' }]
  })
  const where = { file: 'command line', label: '--scheduler' }
  const scheduler = { address: 'scheduler', value: 'karas', typed: false, where }
  const text = 'prompt,sampler,model,steps\na,eulr,,2\nb,euler,gone.ckpt,0\nc,,,2.5\n'
  const { errors, warnings } = await checkPlan(optionsFor(text, { defaults: [scheduler] }), graphs)
  assert.deepEqual(errors.map(({ code, where }) => `${code} ${where?.file} ${where?.line ?? ''}`).sort(), [
    'missing-model /graphs/example.json ',
    'missing-model jobs.csv 3',
    'value-not-in-list command line ',
    'value-not-in-list jobs.csv 2',
    'value-out-of-range jobs.csv 3',
  ])
  assert.deepEqual(
    warnings.map(({ code, where }) => [code, where?.line, where?.column]),
    [['wrong-type', 4, 5]],
  )
  assert.equal(asked, 1)
})

test('servers that could not be asked know of nothing wrong', async () => {
  const graphs = new JobGraphCheck(async () => [])
  const { errors } = await checkPlan(optionsFor('prompt,sampler\na,eulr\n'), graphs)
  assert.deepEqual(errors, [])
})

test('the hash of classes changes with those that the workflow has, and with no other', async () => {
  const hashOf = async (...servers: readonly ObjectInfo[]): Promise<string> => {
    const answers = servers.map((classes, at) => ({
      objectInfo: classes,
      isLive: true,
      source: `http://${at}`,
    }))
    return new JobGraphCheck(async () => answers).classesHash(exampleWorkflow())
  }
  const all = objectInfo()
  const hash = await hashOf(all)
  assert.equal(await hashOf(objectInfo({ Other: makerOf({}) })), hash)
  const { KSampler, ...without } = all
  const steps = { ...KSampler, input: { required: { steps: ['INT', { max: 7 }] } } }
  const others = [hashOf(), hashOf(without), hashOf(objectInfo({ KSampler: steps })), hashOf(all, all)]
  assert.equal(new Set([hash, ...(await Promise.all(others))]).size, others.length + 1)
})

test('of a graph alone all is told that is wrong with it, also if it is like one before', async () => {
  let asked = 0
  const graphs = new JobGraphCheck(async () => {
    asked += 1
    return [{ objectInfo: objectInfo(), isLive: true, source: 'http://a' }]
  })
  const base = exampleWorkflow()
  const sampler = [...base.nodes].find(([, { classType }]) => classType === 'KSampler')?.[0]
  assert.ok(sampler !== undefined)
  // The example's own model is not there, in any of them.
  const codesOf = async (input: string, value: JsonValue): Promise<string[]> => {
    const { workflow } = patchWorkflow(base, [{ target: { node: sampler, input }, value }])
    return (await graphs.findings({ workflow, uploads: [] })).map(({ code }) => code).toSorted()
  }
  assert.deepEqual(await codesOf('sampler_name', 'eulr'), ['missing-model', 'value-not-in-list'])
  assert.deepEqual(await codesOf('steps', 0), ['missing-model', 'value-out-of-range'])
  assert.deepEqual(await codesOf('steps', 7), ['missing-model'])
  assert.deepEqual(await codesOf('sampler_name', 'eulr'), ['missing-model', 'value-not-in-list'])
  assert.equal(asked, 1)
})
