import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolders } from '../../src/embedded/folders.ts'
import { folderOf } from '../rig/folder.ts'

test('a new folder is made, and removed with everything in it', async () => {
  const { root, folders, remove } = await makeFolders(undefined)
  for (const folder of Object.values(folders)) writeFileSync(join(folder, 'x'), '')
  await remove()
  assert.ok(!existsSync(root))
})

test('a given folder is kept, and only a temp that was made is removed', async (t) => {
  const { root, folders, remove } = await makeFolders(join(folderOf(t), 'given'))
  writeFileSync(join(folders.output, 'x'), '')
  await remove()
  assert.ok(existsSync(join(root, 'output', 'x')))
  assert.ok(!existsSync(join(root, 'temp')))
})

test('what lay in a given folder before stays', async (t) => {
  const precious = join(folderOf(t), 'temp', 'precious')
  mkdirSync(join(folderOf(t), 'temp'))
  writeFileSync(precious, '')
  const { remove } = await makeFolders(folderOf(t))
  await remove()
  assert.ok(existsSync(precious))
})
