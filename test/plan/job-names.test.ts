import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JobNames, type UnnamedJob } from '../../src/plan/job-names.ts'
import type { Cell, Row } from '../../src/plan/row.ts'
import type { JsonValue } from '../../src/protocol/json.ts'
import { inputValue } from '../../src/workflow/links.ts'
import { exampleWorkflow, failureOf } from './helpers.ts'

const workflow = exampleWorkflow({ image: true })
const job = (params: Record<string, JsonValue> = {}): UnnamedJob => ({
  index: 3,
  param: (name) => params[name],
  inputValue: (ref) => inputValue(workflow, ref),
})

function row(cells: Record<string, JsonValue>): Row {
  const where = { file: 'jobs.json', line: 4, column: 9 }
  const list = Object.entries(cells).map(([key, value]): Cell => ({
    key,
    value,
    typed: true,
    where,
    keyWhere: where,
  }))
  return { cells: list, origin: { file: 'jobs.json', line: 4 } }
}

function named(template: string | undefined, unnamed: UnnamedJob, cells?: Record<string, JsonValue>): string {
  const names = new JobNames(template, new Date(2026, 1, 3))
  const given = cells && row(cells)
  return names.nameOf(unnamed, 1, { workflow, row: given, template: names.templateOf(given) })
}

test('what the user chose comes before what the graph holds', () => {
  assert.equal(named('{image}_{steps}_{date}', job()), 'example_20_2026-02-03')
  assert.equal(named('{image}_{steps}', job({ image: 'in/mine.png', steps: 4 })), 'mine_4')
})

test('without any template it is prompt and seed, numbered if taken', () => {
  const names = new JobNames(undefined, new Date())
  assert.deepEqual(
    [1, 2].map(() => names.nameOf(job(), 1, { workflow, row: undefined, template: undefined })),
    ['a-cat_1', 'a-cat_1-2'],
  )
})

test('the name of a row is a template, and may be a number', () => {
  assert.equal(named('{index}', job(), { name: '{row.shot}-{index:2}', 'row.shot': 'S1' }), 'S1-03')
  assert.equal(named(undefined, job(), { name: 1984 }), '1984')
})

test('a template that can not be read is an error where it stands', async () => {
  assert.equal((await failureOf(() => named('{promt}', job()))).where, undefined)
  const inRow = await failureOf(() => named('{index}', job(), { name: '{promt}' }))
  assert.deepEqual([inRow.code, inRow.where?.column], ['bad-option', 9])
  const notText = await failureOf(() => named('{index}', job(), { name: ['a'] }))
  assert.deepEqual([notText.code, notText.where?.column], ['bad-value', 9])
})
