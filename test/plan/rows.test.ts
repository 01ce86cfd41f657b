import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { readRows } from '../../src/plan/rows.ts'
import { all, cellOf, failureOf, valuesOf } from './helpers.ts'

async function folderWith(context: TestContext, files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rows-'))
  context.after(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

test('the extension decides the format, and every format gives the same rows', async (context) => {
  const folder = await folderWith(context, {
    'a.csv': 'prompt\na cat\n"b, c"\n',
    'a.TSV': 'prompt\na cat\nb, c\n',
    'a.json': '["a cat", {"prompt": "b, c"}]',
    'a.jsonl': '"a cat"\n{"prompt": "b, c"}\n',
    'a.ndjson': '{"prompt": "a cat"}\n"b, c"',
    'a.yaml': '- a cat\n- prompt: b, c\n',
    'a.yml': 'jobs: [a cat, {prompt: "b, c"}]',
    'a.txt': 'a cat\nb, c\n',
    plain: 'a cat\nb, c\n',
  })
  for (const name of [
    'a.csv',
    'a.TSV',
    'a.json',
    'a.jsonl',
    'a.ndjson',
    'a.yaml',
    'a.yml',
    'a.txt',
    'plain',
  ]) {
    const rows = await all(readRows(join(folder, name)))
    assert.deepEqual(rows.map(valuesOf), [{ prompt: 'a cat' }, { prompt: 'b, c' }], name)
    assert.equal(cellOf(rows[0], 'prompt').where.file, join(folder, name))
  }
})

test('rows can be walked twice, and each walk reads the file anew', async (context) => {
  const folder = await folderWith(context, { 'a.txt': 'a\n' })
  const rows = readRows(join(folder, 'a.txt'))
  assert.equal((await all(rows)).length, 1)
  await writeFile(join(folder, 'a.txt'), 'a\nb\n')
  assert.equal((await all(rows)).length, 2)
})

test('stdin is kept for the second walk, and its format is found by looking', async () => {
  const stdin = Readable.from([Buffer.from('seed;prompt\n7;a '), Buffer.from('cat\n')])
  const rows = readRows('-', stdin)
  for (const walk of [1, 2]) {
    const [row, ...others] = await all(rows)
    assert.deepEqual([row && valuesOf(row), others], [{ seed: '7', prompt: 'a cat' }, []], `walk ${walk}`)
    assert.deepEqual(row?.origin, { file: 'stdin', line: 2, text: '7;a cat' })
  }
})

test('byte order marks are no part of the header, and UTF-16 is read', async (context) => {
  const text = '\ufeffprompt,seed\nné 🌊,7\n'
  const folder = await folderWith(context, { 'a.csv': text, 'b.csv': Buffer.from(text, 'utf16le') })
  for (const name of ['a.csv', 'b.csv']) {
    const rows = await all(readRows(join(folder, name)))
    assert.deepEqual(rows.map(valuesOf), [{ prompt: 'né 🌊', seed: '7' }], name)
  }
})

test('a file that is missing, a folder, of no known kind, or no text is refused', async (context) => {
  const latin1 = Buffer.from('prompt\na\ncafé\n', 'latin1')
  const folder = await folderWith(context, { 'jobs.csv': 'prompt\n', 'a.xlsx': 'x', 'latin1.csv': latin1 })
  const failure = (name: string) => failureOf(() => all(readRows(join(folder, name))))
  const missing = await failure('job.csv')
  assert.deepEqual([missing.code, missing.hint], ['file-not-found', 'did you mean "jobs.csv"?'])
  assert.equal((await failure('.')).code, 'file-unreadable')
  assert.equal((await failure('a.xlsx')).code, 'bad-option')
  const notText = await failure('latin1.csv')
  assert.deepEqual([notText.code, notText.where?.file], ['file-unreadable', join(folder, 'latin1.csv')])
})
