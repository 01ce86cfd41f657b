import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobDraft, SeedInput } from '../../src/plan/job-draft.ts'
import { seedJob as seedVariant, seedsPerCopy, type SeededJob } from '../../src/plan/job-seeds.ts'
import { readSeeds, SeedCounters, SeedDraw } from '../../src/plan/seeds.ts'
import type { Workflow } from '../../src/workflow/workflow.ts'
import { exampleWorkflow, failureOf, inputOf } from './helpers.ts'

const target = { node: '3', input: 'seed' }
const draft = (seed: Partial<SeedInput>, more: Partial<JobDraft> = {}): JobDraft => ({
  params: {},
  patches: [],
  uploads: [],
  seeds: [{ target, choice: 'random', ...seed }],
  ...more,
})
const base = exampleWorkflow()

function seedJob(workflow: Workflow, of: JobDraft, copy: number, salt: string, seedIndex = 0): SeededJob {
  return seedVariant(
    workflow,
    of,
    { copy, seedIndex },
    {
      draw: new SeedDraw(salt),
      counters: new SeedCounters(),
    },
  )
}

test('a drawn seed depends on all of the request, the copy, and the salt', () => {
  const steps = [{ target: { node: '3', input: 'steps' }, value: 4 }]
  const upload = { file: '/a', hash: 'aa', targets: [{ node: '4', input: 'ckpt_name' }] }
  const jobs = [
    seedJob(base, draft({}), 1, 'salt'),
    seedJob(base, draft({}), 2, 'salt'),
    seedJob(base, draft({}), 1, 'other'),
    seedJob(base, draft({}, { patches: steps }), 1, 'salt'),
    seedJob(base, draft({}, { uploads: [upload] }), 1, 'salt'),
  ]
  assert.equal(new Set(jobs.map(({ seed }) => seed)).size, jobs.length)
  assert.equal(jobs[0]?.key.toString(), jobs[2]?.key.toString())
  for (const job of jobs) assert.equal(inputOf(job, '3.seed'), job.seed)
  assert.deepEqual(seedJob(base, draft({}), 1, 'salt'), jobs[0])
})

test('a given seed is part of the key, and counts on from copy to copy', () => {
  const [first, second] = [1, 2].map((copy) => seedJob(base, draft({ choice: readSeeds('9') }), copy, 'salt'))
  assert.deepEqual([first?.seed, second?.seed], [9, 10])
  assert.notDeepEqual(first?.key, seedJob(base, draft({ choice: readSeeds('10') }), 1, 'salt').key)
  assert.deepEqual(first?.key, seedJob(base, draft({ choice: readSeeds('9') }), 1, 'other').key)
  assert.notDeepEqual(
    seedJob(base, draft({ choice: readSeeds('1') }), 1, 'salt').key,
    seedJob(base, draft({}), 1, 'salt').key,
  )
})

test('a seed that counts on beyond the largest is an error where it was given', async () => {
  const where = { file: 'jobs.csv', line: 4 }
  const setting = { address: 'seed', value: '', typed: false, folder: '.', where }
  const error = await failureOf(() =>
    seedJob(base, draft({ choice: readSeeds(2n ** 64n - 1n), setting }), 2, 'salt'),
  )
  assert.deepEqual([error.code, error.where], ['bad-value', where])
})

test('without an input for it there is no seed', () => {
  const job = seedJob(base, draft({}, { seeds: [] }), 1, 'salt')
  assert.equal(job.seed, undefined)
  assert.equal(inputOf(job, '3.seed'), 1)
})

test('a copy has a job for each listed seed', async () => {
  const listed = draft({ choice: readSeeds('4,8-9') })
  assert.equal(seedsPerCopy(listed), 3)
  assert.deepEqual(
    [0, 1, 2].map((index) => seedJob(base, listed, 1, 'salt', index).seed),
    [4, 8, 9],
  )
  const other = { target: { node: '9', input: 'seed' }, choice: readSeeds('1,2') }
  const error = await failureOf(() => seedsPerCopy({ ...listed, seeds: [...listed.seeds, other] }))
  assert.equal(error.code, 'bad-value')
})

test('inputs that one setting counts up for get the same seed', () => {
  const setting = { address: 'seed', value: 'increment:5', typed: false, folder: '.' }
  const choice = readSeeds('increment:5')
  const inputs = ['seed', 'steps'].map((input) => ({ target: { node: '3', input }, choice, setting }))
  const counters = new SeedCounters()
  const both = [1, 2].map(() => {
    const job = seedVariant(
      base,
      draft({}, { seeds: inputs }),
      { copy: 1, seedIndex: 0 },
      { draw: new SeedDraw(''), counters },
    )
    return [inputOf(job, '3.seed'), inputOf(job, '3.steps')]
  })
  assert.deepEqual(both, [
    [5, 5],
    [6, 6],
  ])
})
