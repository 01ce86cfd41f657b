import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasByteOrderMark, sourceFormat } from '../../../src/run/failed-rows/jobs-source.ts'
import { folderOf } from '../../rig/folder.ts'

async function* stdin(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

test('the format is that of the extension, in any case', async () => {
  const formats = await Promise.all(
    ['a.csv', 'a.TSV', 'a.json', 'a.ndjson', 'a.yml', 'a.txt', 'a.png', 'in/*.png', 'in/*'].map(
      async (source) => sourceFormat(source, stdin('')),
    ),
  )
  assert.deepEqual(formats, ['csv', 'tsv', 'json', 'jsonl', 'yaml', 'text', undefined, undefined, undefined])
})

test('without an extension, and for stdin, it is what the text looks like', async (t) => {
  const file = join(folderOf(t), 'shots')
  writeFileSync(file, '[{"prompt": "a"}]')
  assert.equal(await sourceFormat(file, stdin('')), 'json')
  assert.equal(await sourceFormat('-', stdin('prompt,seed\na,1\n')), 'csv')
  assert.equal(await sourceFormat('-', stdin('a fox\n')), 'text')
})

test('folders and saved plans are no jobs files', async (t) => {
  assert.equal(await sourceFormat(folderOf(t), stdin('')), undefined)
  assert.equal(await sourceFormat('run.plan.jsonl', stdin('')), undefined)
})

test('byte order marks', async (t) => {
  const found = async (bytes: string): Promise<boolean> => {
    const file = join(folderOf(t), 'shots.csv')
    writeFileSync(file, Buffer.from(bytes, 'hex'))
    return hasByteOrderMark(file)
  }
  assert.equal(await found('efbbbf61'), true)
  assert.equal(await found('fffe6100'), true)
  assert.equal(await found('feff0061'), true)
  assert.equal(await found('6162'), false)
  assert.equal(await found(''), false)
  assert.equal(await hasByteOrderMark('-'), false)
})
