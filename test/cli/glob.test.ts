import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { test } from 'node:test'
import { filesLike, isPattern } from '../../src/cli/glob.ts'
import { folderOf } from '../rig/folder.ts'

test('files like a pattern come sorted, and absolute if the pattern is', async (t) => {
  const folder = folderOf(t)
  await mkdir(join(folder, 'sub'))
  for (const name of ['b1.json', 'a2.json', 'a1.json', 'a1.txt', 'sub/a3.json']) {
    await writeFile(join(folder, name), '')
  }
  const names = async (pattern: string): Promise<string[]> => {
    const files = await filesLike(`${folder.replaceAll('\\', '/')}/${pattern}`)
    return files.map((file) => relative(folder, file).split(sep).join('/'))
  }
  assert.deepEqual(await names('*.json'), ['a1.json', 'a2.json', 'b1.json'])
  assert.deepEqual(await names('a?.json'), ['a1.json', 'a2.json'])
  assert.deepEqual(await names('**/a*.json'), ['a1.json', 'a2.json', 'sub/a3.json'])
  assert.deepEqual(await names('c*.json'), [])
})

test('a name with * or ? is a pattern', () => {
  assert.ok(isPattern('shots/*.png') && isPattern('shot-?.png'))
  assert.ok(!isPattern('shots/fox [1].png'))
})
