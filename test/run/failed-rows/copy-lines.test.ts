import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRows } from '../../../src/plan/csv-rows.ts'
import { jsonLinesRows } from '../../../src/plan/json-rows.ts'
import type { Row } from '../../../src/plan/row.ts'
import { copyLines, type LineFormat } from '../../../src/run/failed-rows/copy-lines.ts'
import { movePaths } from '../../../src/run/failed-rows/moved-paths.ts'
import { all, pieces } from '../../plan/helpers.ts'

/** Rows that begin on these lines. */
async function* rowsAt(...lineNumbers: readonly number[]): AsyncGenerator<Row> {
  for (const line of lineNumbers) yield { cells: [], origin: { file: 'shots', line } }
}

const rowsIn: Readonly<Record<'csv' | 'jsonl', (text: string) => AsyncIterable<Row>>> = {
  csv: (text) => csvRows('jobs/shots.csv', pieces(text)),
  jsonl: (text) => jsonLinesRows('jobs/shots.jsonl', pieces(text)),
}

async function copied(
  format: LineFormat,
  text: string,
  rows: AsyncIterable<Row>,
  ...wanted: readonly number[]
): Promise<string> {
  const move = movePaths('jobs', 'mended')
  const source = { format, text: pieces(text), rows, wanted: new Set(wanted), move }
  return (await all(copyLines(source))).join('')
}

async function moved(format: 'csv' | 'jsonl', text: string): Promise<string> {
  return copied(format, text, rowsIn[format](text), 1)
}

test('several paths on one line are changed, each where it stands', async () => {
  assert.equal(
    await moved('csv', 'image,prompt,mask\n a.png ,𝒶 a.png b.png,"b.png"\n'),
    'image,prompt,mask\n ../jobs/a.png ,𝒶 a.png b.png,"../jobs/b.png"\n',
  )
  assert.equal(
    await moved('jsonl', '{"image":"a.png", "prompt":"a.png", "mask" : "\\u0062.png"}\n'),
    '{"image":"../jobs/a.png", "prompt":"a.png", "mask" : "../jobs/b.png"}\n',
  )
})

test('a path behind a cell with line breaks is changed, too', async () => {
  assert.equal(
    await moved('csv', 'prompt,image\n"two\nlines",a.png\n'),
    'prompt,image\n"two\nlines",../jobs/a.png\n',
  )
})

test('a path on a line too long for messages is changed, too', async () => {
  const prompt = '𝒶'.repeat(2000)
  assert.equal(
    await moved('csv', `prompt,image\n${prompt},a.png\n`),
    `prompt,image\n${prompt},../jobs/a.png\n`,
  )
})

test('quotes in a path stay what they were', async () => {
  assert.equal(await moved('csv', 'image\n"a ""b"".png"\n'), 'image\n"../jobs/a ""b"".png"\n')
  assert.equal(await moved('csv', 'image;x\na,b.png;\n'), 'image;x\n"../jobs/a,b.png";\n')
})

const prompts = '# mine\na\nb\n---\nc\nd\n---\ne\n'

test('prompts of several lines stay together', async () => {
  const rows = (): AsyncIterable<Row> => rowsAt(2, 5, 8)
  assert.equal(await copied('text', prompts, rows(), 1), '# mine\na\nb\n---\n')
  assert.equal(await copied('text', prompts, rows(), 3), '# mine\ne\n---\n')
  assert.equal(await copied('text', prompts, rows(), 1, 3), '# mine\na\nb\n---\ne\n---\n')
})

test('only text has separators', async () => {
  assert.equal(await copied('csv', 'prompt\n---\nb\n', rowsAt(2, 3), 2), 'prompt\nb\n')
})

test('a last line without a line break gets one', async () => {
  assert.equal(await copied('text', 'a\nb', rowsAt(1, 2), 2), 'b\n')
})
