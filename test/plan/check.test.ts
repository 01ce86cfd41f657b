import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPlan } from '../../src/plan/check.ts'
import { mostErrors } from '../../src/plan/error-list.ts'
import { csvRows } from '../../src/plan/csv-rows.ts'
import { jsonRows } from '../../src/plan/json-rows.ts'
import { planJobs, type PlanOptions } from '../../src/plan/jobs.ts'
import type { Row } from '../../src/plan/row.ts'
import { all, exampleWorkflow, pieces, pointedAt } from './helpers.ts'

function optionsFor(text: string, more: Partial<PlanOptions> = {}): PlanOptions {
  const rows: AsyncIterable<Row> = { [Symbol.asyncIterator]: () => csvRows('jobs.csv', pieces(text)) }
  return { workflow: exampleWorkflow(), rows, defaults: [], seedSalt: 'salt', sourceFolder: '.', ...more }
}

test('it counts just the jobs that the plan then gives', async () => {
  const options = optionsFor('prompt,count\na,2\nb,\nc,\n', { copies: 3 })
  assert.deepEqual(await checkPlan(options), {
    jobs: 8,
    errors: [],
    duplicates: [],
    models: ['base.safetensors'],
    warnings: [],
    isSelfContained: true,
    areNamesDistinct: false,
  })
  assert.equal((await all(planJobs(options))).length, 8)
})

test('all errors of all rows are found, several of one row too', async () => {
  const { jobs, errors } = await checkPlan(
    optionsFor('prompt,steps,seed,name\na,x,-9,n\nb,2,3,m\nc,4,5,6,7\nd,y,,M\ne,,,m\n'),
  )
  assert.equal(jobs, 1)
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where?.line, pointedAt(where)]),
    [
      ['bad-value', 2, 'x'],
      ['bad-value', 2, '-9'],
      ['bad-row', 4, '7'],
      ['bad-value', 5, 'y'],
      ['name-clash', 6, 'm'],
    ],
  )
})

test('an unknown column is told once, and so is an unknown key', async () => {
  const { errors } = await checkPlan(optionsFor('prompt,stpes\na,1\nb,2\nc,3\n'))
  assert.deepEqual(
    errors.map(({ where }) => [where?.line, pointedAt(where)]),
    [[1, 'stpes']],
  )
  async function* rows(): AsyncGenerator<Row> {
    yield* jsonRows('jobs.json', '[{"stpes": 1},\n{"stpes": 2}]')
  }
  const fromJson = await checkPlan(optionsFor('', { rows: rows() }))
  assert.deepEqual(
    fromJson.errors.map(({ where }) => where?.line),
    [1],
  )
})

test('what ends the reading of the file is told after the rows before it', async () => {
  const { errors } = await checkPlan(optionsFor('prompt,steps\na,x\n"b,2\n'))
  assert.deepEqual(
    errors.map(({ code, where }) => [code, where?.line]),
    [
      ['bad-value', 2],
      ['bad-row', 3],
    ],
  )
})

test('a template that can not be read is the only error', async () => {
  const { errors } = await checkPlan(optionsFor('prompt\na\n', { nameTemplate: '{promt}' }))
  assert.deepEqual(
    errors.map(({ code }) => code),
    ['bad-option'],
  )
})

test('names that clash are told with the place of the job that has it first', async () => {
  const text = 'prompt,name,count\na,hero,\nb,x,\nc,Hero,\nd,hero,\ne,y,2\n'
  const { errors } = await checkPlan(optionsFor(text))
  assert.deepEqual(
    errors.map(({ message, where }) => [message, where?.line, pointedAt(where)]),
    [
      ['two jobs are called "Hero": this one and that of jobs.csv:2', 4, 'Hero'],
      ['two jobs are called "hero": this one and that of jobs.csv:2', 5, 'hero'],
      ['two jobs are called "y": this one and another copy of this row', 6, 'y'],
    ],
  )
})

test('a chosen name clashes with one before it that was not chosen; one after it makes way', async () => {
  const options = { seed: 7, copies: 1 }
  const [taken] = await all(planJobs(optionsFor('prompt\na fox\n', options)))
  assert.ok(taken)
  for (const text of [`a,${taken.name}\na fox,\n`, `a fox,\nb,\na,${taken.name}\n`]) {
    const plan = optionsFor(`prompt,name\n${text}`, options)
    const isChosenFirst = text.startsWith('a,')
    const { jobs, errors } = await checkPlan(plan)
    assert.deepEqual(
      errors.map(({ code, where }) => [code, where?.line]),
      isChosenFirst ? [] : [['name-clash', 4]],
    )
    assert.equal(jobs, 2)
  }
})

test('it tells that names are distinct if every name was looked at', async () => {
  const distinct = async (text: string): Promise<boolean> =>
    (await checkPlan(optionsFor(`prompt,name\n${text}`, { seed: 7, copies: 1 }))).areNamesDistinct
  assert.equal(await distinct('a,x\nb,y\n'), true)
  assert.equal(await distinct('a,x\nb,X\n'), false, 'they clash')
  assert.equal(await distinct('a,\nb,\n'), false, 'nobody chose them')
  assert.equal(await distinct('a,x\nb,\n'), true)
  assert.equal(await distinct('a,x\nb,\nb,\n'), false, 'the third gets a number')
})

test('it ends after so many errors that nobody reads more', async () => {
  const text = `prompt,steps\n${'a,x\n'.repeat(mostErrors * 2)}`
  assert.equal((await checkPlan(optionsFor(text))).errors.length, mostErrors)
})

test('rows that ask for the same are told, each once, with the first', async () => {
  const { jobs, duplicates } = await checkPlan(optionsFor('prompt,count\na,2\nb,\na,2\na,\n'))
  assert.equal(jobs, 6)
  assert.deepEqual(
    duplicates.map(({ row, of }) => [row.line, of.line]),
    [
      [4, 2],
      [5, 2],
    ],
  )
})
