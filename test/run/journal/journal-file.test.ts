import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { JournalFile } from '../../../src/run/journal/journal-file.ts'
import { folderOf } from '../../rig/folder.ts'

test('lines are on the disk when they were waited for, in order', async (t) => {
  const path = join(folderOf(t), 'j')
  const file = await JournalFile.open(path)
  await file.add('one')
  assert.equal(await readFile(path, 'utf8'), 'one\n')
  await Promise.all(['two', 'three', 'four'].map(async (line) => file.add(line)))
  assert.equal(await readFile(path, 'utf8'), 'one\ntwo\nthree\nfour\n')
  await file.close()
})

test('a torn last line does not spoil the next', async (t) => {
  const path = join(folderOf(t), 'j')
  await writeFile(path, 'one\n{"type":"do')
  const file = await JournalFile.open(path)
  await file.add('two')
  await file.close()
  assert.equal(await readFile(path, 'utf8'), 'one\n{"type":"do\ntwo\n')
})
