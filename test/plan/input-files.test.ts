import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { hashInputFile } from '../../src/plan/input-files.ts'
import { failureOf } from './helpers.ts'

async function emptyFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'input-'))
  context.after(() => rm(folder, { recursive: true }))
  return folder
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

test('the hash is that of the bytes, and follows a change of the file', async (context) => {
  const file = join(await emptyFolder(context), 'a.bin')
  await writeFile(file, 'one')
  assert.equal(await hashInputFile(file, false), sha256('one'))
  await writeFile(file, 'two')
  // The same length, perhaps in the same tick of the clock: the time must tell them apart.
  await utimes(file, 1, 1)
  assert.equal(await hashInputFile(file, false), sha256('two'))
})

test('images of every usual kind are images', async (context) => {
  const folder = await emptyFolder(context)
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff'] as const) {
    const bytes = await picture.clone().toFormat(format).toBuffer()
    await writeFile(join(folder, format), bytes)
    assert.equal(await hashInputFile(join(folder, format), true), sha256(bytes), format)
  }
  const bitmap = Buffer.alloc(70)
  bitmap.write('BM')
  await writeFile(join(folder, 'a.bmp'), bitmap)
  assert.equal(await hashInputFile(join(folder, 'a.bmp'), true), sha256(bitmap))
})

test('what ComfyUI can not load is no image, even if its hash is known', async (context) => {
  const folder = await emptyFolder(context)
  const files = {
    'a.png': 'text',
    'empty.png': '',
    'a.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
  }
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name)
    await writeFile(file, content)
    assert.equal(await hashInputFile(file, false), sha256(content))
    assert.equal((await failureOf(() => hashInputFile(file, true))).code, 'not-an-image', name)
  }
})

test('a missing file is told with near ones, a missing folder by its name', async (context) => {
  const folder = await emptyFolder(context)
  await writeFile(join(folder, 'photo.png'), '')
  const near = await failureOf(() => hashInputFile(join(folder, 'foto.png'), true))
  assert.deepEqual([near.code, near.hint], ['file-not-found', 'did you mean "photo.png"?'])
  const lost = await failureOf(() => hashInputFile(join(folder, 'none', 'photo.png'), true))
  assert.deepEqual([lost.code, lost.hint], ['file-not-found', `there is no folder ${join(folder, 'none')}`])
  assert.equal((await failureOf(() => hashInputFile(folder, true))).code, 'file-unreadable')
})
