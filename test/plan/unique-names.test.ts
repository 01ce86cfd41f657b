import assert from 'node:assert/strict'
import { resolve, sep } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ComfyRunError } from '../../src/errors.ts'
import { sameFileKey } from '../../src/plan/file-names.ts'
import { Planner } from '../../src/plan/planner.ts'
import type { Cell, Row } from '../../src/plan/row.ts'
import { exampleWorkflow } from './helpers.ts'

const hostile = fc.constantFrom(
  '..',
  '../',
  '/',
  '\\',
  'C:',
  'nul',
  '\0',
  '.',
  ' ',
  '...',
  '~',
  '‮',
  'É',
  'É',
  'ß',
)
const anyText = fc
  .array(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 6 }), fc.constant('x'.repeat(130))), {
    maxLength: 4,
  })
  .map((parts) => parts.join(''))
const placeholders = (
  '{index} {index:04} {copy} {seed} {prompt} {prompt:7} {row.x} {row.x|..} {row.y|/} {steps} {workflow} {date} ' +
  '{model} {negative|none}'
).split(' ')
const placeholder = fc.nat(placeholders.length - 1).map((at) => placeholders[at] ?? '')
const template = fc
  .array(
    fc.oneof(
      placeholder,
      anyText.map((text) => text.replaceAll(/[{}]/g, '')),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''))
const row = fc.record(
  {
    prompt: anyText,
    'row.x': anyText,
    x: anyText,
    seed: fc.constantFrom('1', '1-2'),
    name: template,
    count: fc.constant('2'),
  },
  { requiredKeys: [] },
)

function rowOf(values: Record<string, string>, line: number): Row {
  const where = { file: 'jobs.csv', line }
  const cells = Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([key, value]): Cell => ({ key, value, typed: false, where, keyWhere: where }))
  return { cells, origin: where }
}

test('whatever the template and the rows are, no name leaves the output folder, and no two are the same file', async () => {
  let named = 0
  const planned = fc.asyncProperty(
    fc.option(template, { nil: undefined }),
    fc.array(row, { maxLength: 5 }),
    async (nameTemplate, rows) => {
      const faults: ComfyRunError[] = []
      const options = {
        workflow: exampleWorkflow(),
        defaults: [],
        seedSalt: 's',
        sourceFolder: '.',
        metaColumns: ['x'],
      }
      const planner = new Planner({ ...options, ...(nameTemplate !== undefined && { nameTemplate }) })
      const out = resolve('out')
      const files = new Set<string>()
      for (const [index, values] of rows.entries()) {
        for (const { name } of await planner.jobsOf(rowOf(values, index + 2), (error) =>
          faults.push(error),
        )) {
          named++
          assert.ok(resolve(out, name).startsWith(out + sep), `${name} leaves the folder`)
          assert.ok(!name.split('/').some((part) => part === '' || part === '.' || part === '..'), name)
          assert.doesNotMatch(name, /[\\:*?"<>|\p{Cc}]/u)
          const file = sameFileKey(name)
          assert.ok(!files.has(file), `${name} is given twice`)
          files.add(file)
        }
      }
      for (const { code } of faults) assert.match(code, /^(?:bad-value|name-clash)$/)
    },
  )
  await fc.assert(planned, { numRuns: 500 })
  assert.ok(named > 200, `only ${named} jobs got a name`)
})
