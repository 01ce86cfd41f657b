import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sha256OfFile } from '../src/sha256.ts'
import { folderOf } from './rig/folder.ts'

test('a file is hashed whole, however many chunks it has', async (t) => {
  const path = join(folderOf(t), 'large')
  const bytes = Buffer.alloc(300_001, 'comfy')
  await writeFile(path, bytes)
  assert.equal(await sha256OfFile(path), createHash('sha256').update(bytes).digest('hex'))
})

test('a file that is not there is an error', async (t) => {
  await assert.rejects(sha256OfFile(join(folderOf(t), 'none')), { code: 'ENOENT' })
})
