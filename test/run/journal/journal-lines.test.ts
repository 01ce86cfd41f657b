import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readLines } from '../../../src/run/journal/journal-lines.ts'
import { folderOf } from '../../rig/folder.ts'

test('every line comes once, with where it begins, whatever the lengths are', async (t) => {
  const path = join(folderOf(t), 'lines')
  const wanted = [0, 1, 70, 900_000, 3, 2_500_000, 400_000, 5].map((length, at) => `${at}`.repeat(length))
  await writeFile(path, `${wanted.join('\n')}\n\nrest`)
  const found: string[] = []
  let next = 0
  await readLines(path, (bytes, from, to, position) => {
    assert.equal(position, next)
    next += to - from + 1
    found.push(bytes.toString('latin1', from, to))
  })
  assert.deepEqual(found, [...wanted, '', 'rest'])
})

test('a file that is not there has no lines; a folder is an error', async (t) => {
  const none = (): void => assert.fail('a line')
  await readLines(join(folderOf(t), 'nothing'), none)
  await assert.rejects(readLines(folderOf(t), none), { code: 'EISDIR' })
})

test('who has enough gets no more lines', async (t) => {
  const path = join(folderOf(t), 'lines')
  await writeFile(path, 'one\ntwo\nthree')
  const found: string[] = []
  await readLines(path, (bytes, from, to) => {
    found.push(bytes.toString('latin1', from, to))
    return found.length === 2 ? 'enough' : undefined
  })
  assert.deepEqual(found, ['one', 'two'])
})
