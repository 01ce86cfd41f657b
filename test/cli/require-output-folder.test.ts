import assert from 'node:assert/strict'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { requireOutputFolder } from '../../src/cli/require-output-folder.ts'
import { folderOf } from '../rig/folder.ts'

test('a folder will do, and a link to one', async (t) => {
  const link = join(folderOf(t), 'link')
  await symlink(folderOf(t), link)
  await requireOutputFolder(folderOf(t), '--server-output')
  await requireOutputFolder(link, '--server-output')
})

test('a file, or nothing, is told of with its place', async (t) => {
  const where = { file: 'servers.yaml', line: 2, column: 3 }
  const file = join(folderOf(t), 'file')
  await writeFile(file, '')
  for (const folder of [file, join(folderOf(t), 'nowhere')]) {
    const message = `output: there is no folder ${folder}`
    await assert.rejects(requireOutputFolder(folder, 'output', where), { code: 'bad-option', message, where })
  }
})
