import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { replaceOwn } from '../../../src/run/failed-rows/replace-own.ts'
import { folderOf } from '../../rig/folder.ts'

/** A place for the file, and one for the records. */
function places(t: TestContext) {
  const folder = folderOf(t)
  const records = join(folder, 'out', '.comfy-run')
  const path = join(folder, 'failed.csv')
  const read = (name = 'failed.csv'): string => readFileSync(join(folder, name), 'utf8')
  const write = async (text: string): Promise<string> => replaceOwn(path, [text], records)
  return { folder, records, path, read, write }
}

test('our own file is replaced, again and again', async (t) => {
  const { folder, path, read, write } = places(t)
  for (const text of ['a', 'b', 'c']) {
    assert.equal(await write(text), path)
    assert.equal(read(), text)
  }
  assert.deepEqual(readdirSync(folder), ['failed.csv', 'out'])
})

test('a file that somebody else wrote, or has mended, is left; ours gets a number and is replaced under it', async (t) => {
  const { folder, path, read, write } = places(t)
  await write('a')
  writeFileSync(path, 'mended')
  assert.equal(await write('b'), join(folder, 'failed-2.csv'))
  assert.equal(read(), 'mended')
  assert.equal(read('failed-2.csv'), 'b')
  assert.equal(await write('c'), join(folder, 'failed-2.csv'))
  assert.equal(read('failed-2.csv'), 'c')
})

test('a file of the same content is no loss', async (t) => {
  const { path, write } = places(t)
  writeFileSync(path, 'same')
  assert.equal(await write('same'), path)
})

test('records that are torn make no file ours', async (t) => {
  const { folder, records, write } = places(t)
  await write('a')
  writeFileSync(join(records, 'failed-out.json'), '{"../../failed')
  assert.equal(await write('b'), join(folder, 'failed-2.csv'))
})

test('a file that can not be written whole is not written at all', async (t) => {
  const { folder, records, path } = places(t)
  const broken = (function* pieces() {
    yield 'a'
    throw new Error('unreadable')
  })()
  await assert.rejects(replaceOwn(path, broken, records), /unreadable/)
  assert.deepEqual(readdirSync(folder), [])
})

test('a folder that can not be made is told as a fault of the disk', async (t) => {
  const { folder, records } = places(t)
  writeFileSync(join(folder, 'file'), '')
  await assert.rejects(replaceOwn(join(folder, 'file', 'failed.csv'), ['a'], records), {
    code: 'disk-failed',
  })
})

test('folders that are missing are made', async (t) => {
  const { folder, records } = places(t)
  mkdirSync(records, { recursive: true })
  const path = join(folder, 'a', 'b', 'failed.csv')
  assert.equal(await replaceOwn(path, ['x'], records), path)
})
