import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonLinesRows, jsonRows } from '../../src/plan/json-rows.ts'
import { all, cellOf, failureOf, pieces, pointedAt, valuesOf } from './helpers.ts'

const read = (text: string) => all(jsonRows('jobs.json', text))
const readLines = (text: string) => all(jsonLinesRows('jobs.jsonl', pieces(text)))

test('a list of objects, with exact numbers and types', async () => {
  const rows = await read(
    '[{"prompt": "a", "seed": 18446744073709551615, "cfg": 1.5, "tiled": true, "size": [1, 2]}]',
  )
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a', seed: 18446744073709551615n, cfg: 1.5, tiled: true, size: [1, 2] },
  ])
  assert.equal(cellOf(rows[0], 'cfg').typed, true)
})

test('a list of texts is a list of prompts', async () => {
  const rows = await read('["a cat",\n "a \\"dog\\""]')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a cat' }, { prompt: 'a "dog"' }])
  assert.equal(rows[1]?.origin.line, 2)
})

test('defaults come before the cells of each job, marked as shared, and only where it has none', async () => {
  const rows = await read('{"defaults": {"steps": 8, "cfg": 2}, "jobs": [{"cfg": 3}, "b"]}')
  assert.deepEqual(rows.map(valuesOf), [
    { steps: 8, cfg: 3 },
    { steps: 8, cfg: 2, prompt: 'b' },
  ])
  assert.equal(cellOf(rows[0], 'steps').shared, true)
  assert.equal(cellOf(rows[0], 'cfg').shared, undefined)
})

test('null counts as absent', async () => {
  assert.deepEqual((await read('[{"prompt": null, "seed": 1}]')).map(valuesOf), [{ seed: 1 }])
})

test('places point at values and keys, by characters', async () => {
  const [, row] = await read('[\n  {"prompt": "a"},\n  {"prompt": "🌊", "sampler": "eulr"}\n]\n')
  assert.deepEqual(cellOf(row, 'sampler').where, {
    file: 'jobs.json',
    line: 3,
    column: 30,
    text: '  {"prompt": "🌊", "sampler": "eulr"}',
    length: 6,
    label: 'key "sampler"',
  })
  assert.equal(pointedAt(cellOf(row, 'sampler').where), '"eulr"')
  assert.equal(pointedAt(cellOf(row, 'sampler').keyWhere), '"sampler"')
})

test('what is not JSON is told with its place', async () => {
  const { code, where } = await failureOf(() => read('[\n  {"prompt": "a"}\n  {"prompt": "b"}\n]'))
  assert.deepEqual([code, where?.line, where?.column], ['not-json', 3, 3])
})

test('what is JSON but no jobs is refused at its place', async () => {
  const cases: [text: string, at: string][] = [
    ['7', '7'],
    ['{"prompt": "a"}', '{'],
    ['{"jobs": [], "job": 1}', '"job"'],
    ['{"jobs": {}}', '{'],
    ['{"defaults": 5, "jobs": []}', '5'],
  ]
  for (const [text, at] of cases) {
    const { code, where } = await failureOf(() => read(text))
    assert.equal(code, 'bad-row', text)
    assert.equal(pointedAt(where), at, text)
  }
})

test('JSON lines: one job a line, with the line of each', async () => {
  const rows = await readLines('{"prompt": "a"}\r\n\r\n"b"\n{"seed": 9007199254740993}')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a' }, { prompt: 'b' }, { seed: 9007199254740993n }])
  assert.deepEqual(
    rows.map(({ origin }) => origin.line),
    [1, 3, 4],
  )
  assert.equal(cellOf(rows[2], 'seed').where.line, 4)
})

test('a job of the wrong form has a fault, and the jobs after it are read', async () => {
  const rows = await read('[7, {"seed": 1, "seed": 2}, "c"]')
  assert.deepEqual(rows.map(valuesOf), [{}, {}, { prompt: 'c' }])
  assert.deepEqual(
    rows.map(({ fault }) => fault && [fault.code, pointedAt(fault.where)]),
    [['bad-row', '7'], ['bad-row', '"seed"'], undefined],
  )
})

test('a broken line has a fault, and the lines after it are read', async () => {
  const rows = await readLines('{"prompt": "a"}\n{"prompt": }\n"c"\n')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a' }, {}, { prompt: 'c' }])
  const { code, where } = rows[1]?.fault ?? {}
  assert.deepEqual([code, where?.line, where?.column], ['not-json', 2, 12])
})
