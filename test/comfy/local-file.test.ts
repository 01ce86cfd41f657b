import assert from 'node:assert/strict'
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { findLocally, readLocally } from '../../src/comfy/local-file.ts'
import { bytesOf } from '../rig/bytes-of.ts'
import { folderOf } from '../rig/folder.ts'

const file = { subfolder: 'run/0', filename: 'a.png' }

/** A folder with one file. */
async function outputFolder(root: string, bytes: Uint8Array | string = 'image'): Promise<string> {
  const folder = join(root, 'output')
  await mkdir(join(folder, 'run', '0'), { recursive: true })
  await writeFile(join(folder, 'run', '0', 'a.png'), bytes)
  return folder
}

test('a file of many chunks comes whole', async (t) => {
  const bytes = Buffer.alloc(700_000, 'comfy-run')
  const found = findLocally(await outputFolder(folderOf(t), bytes), file)
  assert.equal(found?.length, bytes.length)
  assert.deepEqual(await bytesOf(readLocally(found)), bytes)
})

test('an empty file has no bytes', async (t) => {
  const found = findLocally(await outputFolder(folderOf(t), ''), file)
  assert.equal(found?.length, 0)
  assert.equal((await bytesOf(readLocally(found))).length, 0)
})

test('no name and no link of the server leads out of the folder', async (t) => {
  const folder = await outputFolder(folderOf(t))
  const outside = join(folderOf(t), 'secret.png')
  await writeFile(outside, 'mine')
  await symlink(outside, join(folder, 'run', '0', 'link.png'))
  await symlink(folderOf(t), join(folder, 'run', 'up'))
  for (const [subfolder, filename] of [
    ['..', 'secret.png'],
    ['run/up', 'secret.png'],
    ['run/0', '../../../secret.png'],
    ['run/0', 'link.png'],
    ['', outside],
    [outside, ''],
  ] as const) {
    assert.equal(findLocally(folder, { subfolder, filename }), undefined, `${subfolder} ${filename}`)
  }
})

test('what is no file is not one', async (t) => {
  const folder = await outputFolder(folderOf(t))
  for (const filename of ['0', '', 'a.png/', 'none.png', 'a.png\0', '\ud800', 'x'.repeat(5000)]) {
    assert.equal(findLocally(folder, { subfolder: 'run', filename }), undefined, filename)
  }
})

test('links within the folder, and the folder itself as a link, are followed', async (t) => {
  const folder = await outputFolder(folderOf(t))
  await rename(folder, `${folder}-2`)
  await symlink(`${folder}-2`, folder)
  await symlink('a.png', join(folder, 'run', '0', 'b.png'))
  for (const filename of ['a.png', 'b.png']) {
    const found = findLocally(folder, { ...file, filename })
    assert.ok(found)
    assert.equal((await bytesOf(readLocally(found))).toString(), 'image')
  }
})

test('a link that takes the place of a file that was found is not followed', async (t) => {
  const folder = await outputFolder(folderOf(t))
  const found = findLocally(folder, file)
  assert.ok(found)
  const outside = join(folderOf(t), 'secret')
  await writeFile(outside, 'mine!')
  await rm(found.path)
  await symlink(outside, found.path)
  assert.throws(() => readLocally(found), { code: 'ELOOP' })
})

test('a file that becomes shorter ends early', async (t) => {
  const found = findLocally(await outputFolder(folderOf(t)), file)
  assert.ok(found)
  await writeFile(found.path, 'im')
  assert.equal((await bytesOf(readLocally(found))).toString(), 'im')
})
