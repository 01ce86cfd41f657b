import assert from 'node:assert/strict'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { requireFile } from '../../src/plan/require-file.ts'
import { failureOf } from './helpers.ts'

test('a file is told by size and time; anything else is an error that helps', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'require-'))
  context.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'photo.png')
  await writeFile(file, 'four')
  await utimes(file, 5, 5)
  assert.deepEqual(await requireFile(file), { size: 4, changed: 5000 })

  const near = await failureOf(() => requireFile(join(folder, 'Foto.png')))
  assert.deepEqual([near.code, near.hint], ['file-not-found', 'did you mean "photo.png"?'])
  const far = await failureOf(() => requireFile(join(folder, 'zebra.tiff')))
  assert.deepEqual([far.code, far.hint], ['file-not-found', undefined])
  const lost = await failureOf(() => requireFile(join(folder, 'none', 'a.png')))
  assert.deepEqual([lost.code, lost.hint], ['file-not-found', `there is no folder ${join(folder, 'none')}`])
  const below = await failureOf(() => requireFile(join(file, 'a.png')))
  assert.equal(below.code, 'file-not-found')
  assert.equal((await failureOf(() => requireFile(folder))).code, 'file-unreadable')
})
