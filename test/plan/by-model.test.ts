import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobsByModel, mostModels } from '../../src/plan/by-model.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { csvRows } from '../../src/plan/csv-rows.ts'
import { planJobs, type PlanOptions } from '../../src/plan/jobs.ts'
import { all, exampleWorkflow, pieces } from './helpers.ts'

/** The order in which the jobs of rows with these models are run. */
async function orderOf(models: readonly string[]): Promise<number[]> {
  const text = ['prompt,model', ...models.map((model, index) => `fox ${index},${model}`), ''].join('\n')
  const rows = { [Symbol.asyncIterator]: () => csvRows('jobs.csv', pieces(text)) }
  const plan: PlanOptions = {
    workflow: exampleWorkflow(),
    rows,
    defaults: [],
    seedSalt: 's',
    sourceFolder: '.',
  }
  const checked = await checkPlan(plan)
  const jobs = await all(jobsByModel(() => planJobs(plan), checked.models))
  return jobs.map(({ index }) => index)
}

test('jobs of one model come together, in the order of the first of each', async () => {
  assert.deepEqual(await orderOf(['b', 'a', 'b', 'c', 'a']), [1, 3, 2, 5, 4])
  assert.deepEqual(await orderOf(['a', 'a', 'a']), [1, 2, 3])
})

test('an empty cell is the model of the workflow', async () => {
  assert.deepEqual(await orderOf(['', 'a', 'base.safetensors']), [1, 3, 2])
})

test('very many models stay as they are', async () => {
  const models = Array.from({ length: mostModels + 1 }, (_, index) => `m${index}`)
  const order = await orderOf([...models, 'm0'])
  assert.deepEqual(
    order,
    Array.from({ length: order.length }, (_, index) => index + 1),
  )
})
