import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { imageFiles } from '../../src/cli/image-files.ts'
import { folderOf } from '../rig/folder.ts'

async function folderWith(t: TestContext, ...names: readonly string[]): Promise<string> {
  const folder = folderOf(t)
  await mkdir(join(folder, 'sub'))
  for (const name of names) await writeFile(join(folder, name), '')
  return folder
}

test('a folder means its images, sorted, without those of sub-folders and hidden ones', async (t) => {
  const folder = await folderWith(t, 'b.PNG', 'a.jpg', 'notes.txt', '.hidden.png', 'sub/c.png')
  assert.deepEqual(await imageFiles([folder]), [join(folder, 'a.jpg'), join(folder, 'b.PNG')])
})

test('a pattern means what it matches, ** also in sub-folders', async (t) => {
  const folder = await folderWith(t, 'a1.png', 'a2.png', 'b1.png', 'a1.txt', 'sub/a3.png')
  const slashed = folder.replaceAll('\\', '/')
  assert.deepEqual(
    (await imageFiles([`${slashed}/a*.png`])).map((file) => file.slice(folder.length + 1)),
    ['a1.png', 'a2.png'],
  )
  assert.equal((await imageFiles([`${slashed}/**/a*.png`])).length, 3)
})

test('a file named twice is one file, and order is kept', async (t) => {
  const folder = await folderWith(t, 'a.png', 'b.png')
  const [a, b] = [join(folder, 'a.png'), join(folder, 'b.png')]
  assert.deepEqual(await imageFiles([b, folder]), [b, a])
})

test('a file that is not there is an error with what lies near', async (t) => {
  const folder = await folderWith(t, 'portrait.png')
  await assert.rejects(imageFiles([join(folder, 'potrait.png')]), {
    code: 'file-not-found',
    hint: `did you mean ${join(folder, 'portrait.png')}?`,
  })
})

test('a folder without images and a pattern without matches are errors', async (t) => {
  const folder = await folderWith(t, 'notes.txt')
  await assert.rejects(imageFiles([folder]), { code: 'file-not-found' })
  await assert.rejects(imageFiles([`${folder}/*.png`]), { code: 'file-not-found' })
})
