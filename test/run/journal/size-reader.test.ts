import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SizeReader } from '../../../src/run/journal/size-reader.ts'
import { folderOf } from '../../rig/folder.ts'

test('sizes come in the order of their files, each question with its own', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'three'), 'abc')
  writeFileSync(join(folder, 'ünï'), 'abcde')
  writeFileSync(join(folder, 'none'), '')
  const sizes = new SizeReader()
  t.after(async () => sizes.close())
  const asked = [['three', 'missing', 'ünï'], ['none'], ['no/folder', 'three']]
  const found = await Promise.all(
    asked.map(async (names) => sizes.read(names.map((name) => join(folder, name)))),
  )
  assert.deepEqual(
    found.map((all) => [...all]),
    [[3, Number.NaN, 5], [0], [Number.NaN, 3]],
  )
})

test('after it was closed it can be asked again', async (t) => {
  const sizes = new SizeReader()
  t.after(async () => sizes.close())
  await sizes.close()
  assert.equal((await sizes.read([folderOf(t)])).length, 1)
  await sizes.close()
  assert.equal((await sizes.read([folderOf(t)])).length, 1)
})
