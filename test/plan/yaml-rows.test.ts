import assert from 'node:assert/strict'
import { test } from 'node:test'
import { yamlRows } from '../../src/plan/yaml-rows.ts'
import { all, cellOf, failureOf, pointedAt, valuesOf } from './helpers.ts'

const read = (text: string) => all(yamlRows('jobs.yaml', text))

test('a list of maps and prompts, with exact numbers and types', async () => {
  const rows = await read(
    [
      '- prompt: a cat',
      '  seed: 18446744073709551615',
      '  cfg: 1.5',
      '  negative:',
      '- "a: dog"',
      '- prompt: >-',
      '    two',
      '    lines',
    ].join('\n'),
  )
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a cat', seed: 18446744073709551615n, cfg: 1.5 },
    { prompt: 'a: dog' },
    { prompt: 'two lines' },
  ])
  assert.equal(cellOf(rows[0], 'cfg').typed, true)
  assert.deepEqual(
    rows.map(({ origin }) => origin.line),
    [1, 5, 6],
  )
})

test('defaults come before the cells of each job, marked as shared', async () => {
  const rows = await read('defaults:\n  steps: 8\n  cfg: 2\njobs:\n  - cfg: 3\n  - b\n')
  assert.deepEqual(rows.map(valuesOf), [
    { steps: 8, cfg: 3 },
    { steps: 8, cfg: 2, prompt: 'b' },
  ])
  assert.equal(cellOf(rows[1], 'cfg').shared, true)
  assert.equal(cellOf(rows[0], 'cfg').shared, undefined)
})

test('anchors and merge keys work', async () => {
  const rows = await read('- &base\n  prompt: a\n  steps: 8\n- <<: *base\n  steps: 9\n- *base\n')
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a', steps: 8 },
    { prompt: 'a', steps: 9 },
    { prompt: 'a', steps: 8 },
  ])
})

test('a map that merges itself has a fault', async () => {
  const [row] = await read('- &base\n  prompt: a\n  <<: *base\n')
  assert.equal(row?.fault?.code, 'bad-row')
  assert.equal(row.fault.where?.line, 3)
})

test('places point at values and keys', async () => {
  const [row] = await read('# jobs\n- prompt: a 🌊\n  sampler: eulr # oops\n')
  const { where, keyWhere } = cellOf(row, 'sampler')
  assert.deepEqual(where, {
    file: 'jobs.yaml',
    line: 3,
    column: 12,
    text: '  sampler: eulr # oops',
    length: 4,
    label: 'key "sampler"',
  })
  assert.equal(pointedAt(keyWhere), 'sampler')
})

test('what is not YAML, or no jobs, is told with its place', async () => {
  const cases: [text: string, line: number][] = [
    ['- prompt: a\n  seed: [1\n', 3],
    ['- prompt: a\n  prompt: b\n', 2],
    ['prompt: a\n', 1],
    ['', 1],
    ['jobs: []\nextra: 1\n', 2],
    ['defaults: {}\njobs: {}\n', 2],
    ['- a\n---\n- b\n', 2],
  ]
  for (const [text, line] of cases) {
    const { code, where } = await failureOf(() => read(text))
    assert.deepEqual([code, where?.line], ['bad-row', line], JSON.stringify(text))
  }
})

test('a job of the wrong form, or with a value that JSON lacks, has a fault', async () => {
  const rows = await read('- 7\n- cfg: .nan\n- c\n')
  assert.deepEqual(
    rows.map(({ fault }) => fault && [fault.code, pointedAt(fault.where)]),
    [['bad-row', '7'], ['bad-value', '.nan'], undefined],
  )
})
