import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { JobIndex } from '../../../src/run/journal/job-index.ts'
import { folderOf } from '../../rig/folder.ts'

test('of thousands of jobs each has its last entry, and no other', async (t) => {
  const path = join(folderOf(t), 'journal.jsonl')
  const index = new JobIndex(path)
  const keyOf = (job: number): string => createHash('sha256').update(String(job)).digest('hex')
  let text = ''
  for (let line = 0; line < 6000; line += 1) {
    const entry = JSON.stringify({ type: 'done', key: keyOf(line % 4000), name: `name ${line} ü` })
    index.set(keyOf(line % 4000), Buffer.byteLength(text), Buffer.byteLength(entry))
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
  await writeFile(path, '{"key":"one"}{"key":"two"}')
  const index = new JobIndex(path)
  index.set('one', 0, 13)
  index.set('two', 13, 13)
  assert.deepEqual(
    [index.get('one')?.key, index.get('two')?.key, index.get('three')],
    ['one', 'two', undefined],
  )
  index.close()
})
