import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { csvRows } from '../../src/plan/csv-rows.ts'
import { all, cellOf, failureOf, pieces, pointedAt, valuesOf } from './helpers.ts'

const read = (text: string, delimiter?: string, size?: number) =>
  all(csvRows('jobs.csv', pieces(text, size), delimiter))

test('cells come by column, as text, without the empty ones', async () => {
  const rows = await read('prompt,seed,steps\na cat,7,\n"a dog, wet",,20\n')
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a cat', seed: '7' },
    { prompt: 'a dog, wet', steps: '20' },
  ])
  assert.equal(cellOf(rows[0], 'seed').typed, false)
})

test('quoted fields may hold quotes and line breaks, and lines are still counted', async () => {
  const rows = await read('prompt,name\r\n"a ""big""\r\ncat",one\r\n# between\r\n\r\n , \r\nlast,"two"\r\n')
  assert.deepEqual(rows.map(valuesOf), [
    { prompt: 'a "big"\r\ncat', name: 'one' },
    { prompt: 'last', name: 'two' },
  ])
  assert.deepEqual(rows[0]?.origin, { file: 'jobs.csv', line: 2, text: '"a ""big""' })
  assert.deepEqual(rows[1]?.origin, { file: 'jobs.csv', line: 7, text: 'last,"two"' })
  const name = cellOf(rows[0], 'name').where
  assert.equal(name.line, 3)
  assert.equal(pointedAt(name), 'one')
})

test('places count characters, not bytes or UTF-16 units', async () => {
  const [row] = await read('prompt,sampler\n"🌊 né",eulr\n')
  assert.deepEqual(cellOf(row, 'sampler').where, {
    file: 'jobs.csv',
    line: 2,
    column: 8,
    text: '"🌊 né",eulr',
    length: 4,
    label: 'column "sampler"',
  })
  assert.equal(pointedAt(cellOf(row, 'sampler').keyWhere), 'sampler')
})

test('the header decides the delimiter', async () => {
  for (const delimiter of [',', ';', '\t']) {
    const rows = await read(
      ['# a, b; c', 'prompt|seed|"x,;"', 'a|1|2', ''].join('\n').replaceAll('|', delimiter),
    )
    assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a', seed: '1', 'x,;': '2' }], JSON.stringify(delimiter))
  }
})

test('a tab-separated file keeps empty cells apart', async () => {
  const rows = await read('prompt\tseed\tsteps\n\t\t20\na\t 5 \t\n', '\t')
  assert.deepEqual(rows.map(valuesOf), [{ steps: '20' }, { prompt: 'a', seed: '5' }])
  assert.equal(pointedAt(cellOf(rows[0], 'steps').where), '20')
  assert.equal(pointedAt(cellOf(rows[1], 'seed').where), '5')
})

test('a file without a line break at its end, or with the header alone', async () => {
  assert.deepEqual((await read('prompt\na')).map(valuesOf), [{ prompt: 'a' }])
  assert.deepEqual(await read('prompt,seed'), [])
})

test('a first line of any length is read in no time', async () => {
  const long = 'x'.repeat(200_000)
  assert.deepEqual((await read(`prompt,6.text\n"${long}",b`, undefined, 100_000)).map(valuesOf), [
    { prompt: long, '6.text': 'b' },
  ])
  assert.deepEqual(await read(long, undefined, 100_000), [])
})

test('a column without a name is for nothing but empty cells', async () => {
  assert.deepEqual((await read('prompt,\na,\n')).map(valuesOf), [{ prompt: 'a' }])
  const [row] = await read('prompt,\na,b\n')
  assert.equal(row?.fault?.code, 'bad-row')
  assert.equal(pointedAt(row.fault.where), 'b')
})

test('a row with too many cells has a fault at the first of them, and the rows after it are read', async () => {
  const rows = await read('prompt,seed\r\na,1\r\nb,2,3,4\r\nc,4\r\n')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a', seed: '1' }, {}, { prompt: 'c', seed: '4' }])
  assert.equal(rows[1]?.fault?.code, 'bad-row')
  assert.equal(rows[1].fault.where?.line, 3)
  assert.equal(pointedAt(rows[1].fault.where), '3')
})

test('a row with a stray quote has a fault, and the rows after it are read', async () => {
  const rows = await read('prompt,seed\na,1\nb,x"y\n"c" d,2\n 5" nail,3\ne,5')
  assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a', seed: '1' }, {}, {}, {}, { prompt: 'e', seed: '5' }])
  assert.deepEqual(
    rows.flatMap(({ fault }) => (fault ? [[fault.code, fault.where?.line, fault.where?.column]] : [])),
    [
      ['bad-row', 3, 3],
      ['bad-row', 4, 1],
      ['bad-row', 5, 2],
    ],
  )
})

test('where the file stops being CSV, the rows before it have been read', async () => {
  const seen: unknown[] = []
  const error = await failureOf(async () => {
    for await (const row of csvRows('jobs.csv', pieces('prompt\na\nb\n"c', 100))) seen.push(valuesOf(row))
  })
  assert.deepEqual(seen, [{ prompt: 'a' }, { prompt: 'b' }])
  assert.deepEqual([error.code, error.where?.line], ['bad-row', 4])
})

test('a repeated column, a missing header and broken quotes are refused', async () => {
  const cases: [text: string, line: number, column: number | undefined][] = [
    ['prompt,seed,prompt\n', 1, 13],
    ['', 1, undefined],
    ['# nothing\n\n', 1, undefined],
    ['prompt,seed\r\na,1\r\n\r\n"b,2\r\nc,3\r\n', 4, 1],
    ['prompt,se"ed\na,1\n', 1, 8],
  ]
  for (const [text, line, column] of cases) {
    const { code, where } = await failureOf(() => read(text))
    assert.deepEqual([code, where?.line, where?.column], ['bad-row', line, column], JSON.stringify(text))
  }
})

test('whatever the cells hold, they come back, and their places point at them', async () => {
  const field = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.trim())
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      async (table, size) => {
        const text = ['prompt,6.text', ...table.map((row) => row.map(quoted).join(','))].join('\n')
        const rows = await read(text, undefined, size)
        const expected = table
          .map(([prompt, other]) => ({
            ...(prompt !== '' && { prompt }),
            ...(other !== '' && { '6.text': other }),
          }))
          .filter((row) => Object.keys(row).length > 0)
        assert.deepEqual(rows.map(valuesOf), expected)
        for (const { value, where } of rows.flatMap(({ cells }) => cells)) {
          assert.equal(typeof value, 'string')
          const text = quoted(value as string)
          if (!/[\r\n]/.test(text)) assert.equal(pointedAt(where), text)
        }
      },
    ),
    { numRuns: 100 },
  )
})
