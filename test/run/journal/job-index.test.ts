import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { JobIndex } from '../../../src/run/journal/job-index.ts'
import { keyHash } from '../../../src/run/journal/key-hash.ts'
import { folderOf } from '../../rig/folder.ts'

test('of thousands of jobs each has its last entry, and no other', async (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  const index = new JobIndex(path)
  const keyOf = (job: number): string => createHash('sha256').update(String(job)).digest('hex')
  let text = ''
  for (let line = 0; line < 6000; line += 1) {
    const entry = JSON.stringify({ type: 'done', key: keyOf(line % 4000), name: `name ${line} ü` })
    index.set(keyHash(keyOf(line % 4000)), Buffer.byteLength(text))
    text += `${entry}\n`
  }
  await writeFile(path, text)
  assert.equal(index.size, 4000)
  for (let job = 0; job < 4000; job += 1) {
    assert.equal(index.get(keyOf(job))?.name, `name ${job < 2000 ? job + 4000 : job} ü`)
  }
  assert.equal(index.get(keyOf(4000)), undefined)
  index.close()
})

test('keys of any form are kept apart', async (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  await writeFile(path, '{"key":"one"}\n{"key":"two"}')
  const index = new JobIndex(path)
  index.set(keyHash('one'), 0)
  index.set(keyHash('two'), 14)
  assert.deepEqual(
    [index.get('one')?.key, index.get('two')?.key, index.get('three')],
    ['one', 'two', undefined],
  )
  index.close()
})

test('an entry that is longer than what is read at once is read whole', async (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  const long = JSON.stringify({ key: 'long', name: 'x'.repeat(200_000) })
  await writeFile(path, `{"key":"one"}\n${long}\n{"key":"two"}\n`)
  const index = new JobIndex(path)
  index.set(keyHash('one'), 0)
  index.set(keyHash('long'), 14)
  index.set(keyHash('two'), 14 + long.length + 1)
  for (const key of ['two', 'one', 'long', 'two']) assert.equal(index.get(key)?.key, key)
  assert.equal(index.get('long')?.name.length, 200_000)
  index.close()
})
