import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { jobColumns } from '../../src/plan/assign.ts'
import { checkPlan } from '../../src/plan/check.ts'
import { jsonRows } from '../../src/plan/json-rows.ts'
import type { Row } from '../../src/plan/row.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  stringifyJson,
  type JsonValue,
} from '../../src/protocol/json.ts'
import { roleNames } from '../../src/workflow/roles.ts'
import { exampleWorkflow } from './helpers.ts'

/** The keywords that the schema uses. */
interface Schema {
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly const?: JsonValue
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

const known = new Set(
  '$schema title description $defs $ref anyOf const type properties additionalProperties required items minItems minimum maximum pattern'.split(
    ' ',
  ),
)
const schema = JSON.parse(readFileSync('schemas/jobs.schema.json', 'utf8')) as Schema

function fits(value: JsonValue, rule: Schema): boolean {
  assert.deepEqual(
    Object.keys(rule).filter((keyword) => !known.has(keyword)),
    [],
  )
  const target = rule.$ref === undefined ? undefined : schema.$defs?.[rule.$ref.replace('#/$defs/', '')]
  assert.equal(rule.$ref === undefined, target === undefined, rule.$ref)
  if (target && !fits(value, target)) return false
  if (rule.anyOf && !rule.anyOf.some((option) => fits(value, option))) return false
  if (rule.const !== undefined && value !== rule.const) return false
  if (rule.type !== undefined && !isOf(rule.type, value)) return false
  if (typeof value === 'string')
    return rule.pattern === undefined || new RegExp(rule.pattern, 'u').test(value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity)
  }
  if (isJsonArray(value)) {
    const { items } = rule
    return value.length >= (rule.minItems ?? 0) && (!items || value.every((item) => fits(item, items)))
  }
  if (!isJsonObject(value)) return true
  const { properties = {}, required = [], additionalProperties = true } = rule
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, item]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined
      return property ? fits(item, property) : additionalProperties
    })
  )
}

function isOf(type: string, value: JsonValue): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return isJsonArray(value)
  if (type === 'object') return isJsonObject(value)
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value)
  return type === 'number' ? isNumber : typeof value === type
}

/** What the reader finds wrong with a document. */
async function faultsOf(text: string): Promise<readonly string[]> {
  async function* rows(): AsyncGenerator<Row> {
    yield* jsonRows('jobs.json', text)
  }
  const options = { defaults: [], seedSalt: 's', sourceFolder: '.' }
  const { errors } = await checkPlan({ ...options, workflow: exampleWorkflow(), rows: rows() })
  return errors.map(({ message }) => message)
}

test('the schema names every role and every column of ours, and no other', () => {
  const { properties = {} } = schema.$defs?.['settings'] ?? {}
  assert.deepEqual(Object.keys(properties).sort(), [...roleNames, ...jobColumns].sort())
})

test('what the schema accepts, the reader accepts', async () => {
  const text = fc.string({ maxLength: 9 }).filter((value) => !value.startsWith('@'))
  const number = fc.oneof(fc.integer(), fc.constantFrom('7', ' 2.5 ', '-1e3', 'many', true, null, '1,5'))
  const seed = fc.oneof(
    fc.bigInt({ min: -3n, max: 2n ** 63n }),
    fc.constantFrom('random', '1,2', '3-5', 'increment:9', '-1', 'x', [1, '2-3'], [], null, 1.5),
  )
  const job = fc.record(
    {
      prompt: fc.oneof(text, fc.integer(), fc.constant(null)),
      negative: text,
      steps: number,
      cfg: number,
      width: number,
      seed,
      sampler: text,
      count: fc.constantFrom(1, 2, 0, '2', ' 03 ', -1, 1.5, 'two', null),
      name: fc.constantFrom('{index}-{seed}', '{index}-{copy}-{seed}', null, ['x']),
      expect: fc.constantFrom('not-blank', ['images>=1', 'size=8x8; format=png'], [], 5, null),
      'row.x': fc.jsonValue(),
      '6.text': fc.constant(undefined),
    },
    { requiredKeys: [] },
  )
  const jobs = fc.array(fc.oneof(text, job, fc.constant(5)), { maxLength: 3 })
  const document = fc.oneof(
    jobs,
    fc.record(
      { jobs, defaults: fc.record({ steps: number }), stray: fc.constant(1) },
      { requiredKeys: ['jobs'] },
    ),
  )
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(document, async (made) => {
      const written = stringifyJson(JSON.parse(JSON.stringify(made, plain)) as JsonValue).replaceAll(
        /"bigint (\d+)"/g,
        '$1',
      )
      if (!fits(parseStrictJson(written), schema)) return
      accepted++
      assert.deepEqual(await faultsOf(written), [], written)
    }),
    { numRuns: 400 },
  )
  assert.ok(accepted > 40, `only ${accepted} documents were accepted`)
})

test('what the reader refuses for its form, the schema refuses', async () => {
  const documents = [
    '5',
    '{"defaults": {}}',
    '{"jobs": {}}',
    '{"jobs": [], "more": 1}',
    '[5]',
    '[["a"]]',
    '[{"steps": "many"}]',
    '[{"seed": -2}]',
    '[{"seed": "1,x"}]',
    '[{"seed": "increment"}]',
    '[{"seed": []}]',
    '[{"count": 0}]',
    '[{"count": 1.5}]',
    '[{"name": ["a"]}]',
    '[{"image": 5}]',
    '[{"workflow": 5}]',
    '[{"expect": 5}]',
    '[{"expect": []}]',
  ]
  for (const text of documents) {
    assert.ok((await faultsOf(text)).length > 0, `${text} is read`)
    assert.ok(!fits(parseStrictJson(text), schema), `${text} fits the schema`)
  }
})

test('the examples of the docs fit', () => {
  for (const text of [
    '[]',
    '["a fox", {"prompt": "a cat", "seed": "1-3", "6.text": "x"}]',
    '{"defaults": {"steps": 8}, "jobs": []}',
  ]) {
    assert.ok(fits(parseStrictJson(text), schema), text)
  }
})

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `bigint ${value}` : value
}
