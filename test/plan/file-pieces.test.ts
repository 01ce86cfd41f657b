import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { filePieces } from '../../src/plan/file-pieces.ts'
import { folderOf } from '../rig/folder.ts'

test('the pieces of a file are all of it, in one buffer', async (t) => {
  const file = join(folderOf(t), 'f')
  writeFileSync(file, 'one two three')
  const buffers = new Set<ArrayBufferLike>()
  let text = ''
  for await (const piece of filePieces(file, 4)) {
    assert.ok(piece.length <= 4)
    buffers.add(piece.buffer)
    text += Buffer.from(piece).toString()
  }
  assert.equal(text, 'one two three')
  assert.equal(buffers.size, 1)
})

test('an empty file has no pieces', async (t) => {
  const file = join(folderOf(t), 'f')
  writeFileSync(file, '')
  for await (const piece of filePieces(file)) assert.fail(String(piece))
})
