import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { prepareFolder } from '../../src/output/prepare-folder.ts'
import { folderOf } from '../rig/folder.ts'

test('the folder is made, with those above it; one that is there stays', async (t) => {
  const folder = join(folderOf(t), 'a/b')
  await prepareFolder(folder)
  await prepareFolder(folder)
  assert.ok(statSync(folder).isDirectory())
})

test('where there is a file, or nothing may be made, is no place for results', async (t) => {
  const file = join(folderOf(t), 'file')
  await writeFile(file, '')
  const wrong = [file, join(file, 'out'), ...(process.platform === 'linux' ? ['/sys/comfy-run'] : [])]
  for (const folder of wrong) {
    await assert.rejects(prepareFolder(folder), { code: 'folder-not-writable', hint: /--out/ }, folder)
  }
})
