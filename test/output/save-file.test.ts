import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { ComfyRunError, type ErrorCode } from '../../src/errors.ts'
import { partPath } from '../../src/output/part-file.ts'
import { Placer } from '../../src/output/placer.ts'
import { saveFile } from '../../src/output/save-file.ts'
import { folderOf } from '../rig/folder.ts'

const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#f80' } })
  .png()
  .toBuffer()

async function* inChunks(bytes: Uint8Array, failure?: Error): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10) yield bytes.subarray(at, at + 10)
  if (failure) throw failure
}

function failsWith(code: ErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ComfyRunError, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, message)
    return true
  }
}

/** Every file and folder below, hidden ones too. */
function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
}

test('bytes arrive unchanged, under the name, with their hash', async (t) => {
  const folder = join(folderOf(t), 'out')
  const saved = await saveFile({
    folder,
    name: 'sub/fox',
    extension: 'png',
    body: inChunks(png),
    length: png.length,
  })
  assert.deepEqual(saved, {
    path: join(folder, 'sub', 'fox.png'),
    bytes: png.length,
    sha256: createHash('sha256').update(png).digest('hex'),
    isSkipped: false,
  })
  assert.deepEqual(readFileSync(saved.path), png)
  assert.deepEqual(everything(folder), ['sub', join('sub', 'fox.png')])
})

test('a taken name is numbered, also when many want it at once', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'fox.png'), 'mine')
  const saved = await Promise.all(
    [1, 2, 3].map(async () => saveFile({ folder, name: 'fox', extension: 'png', body: png })),
  )
  assert.deepEqual(
    saved.map(({ path }) => path).sort(),
    ['fox-2.png', 'fox-3.png', 'fox-4.png'].map((name) => join(folder, name)),
  )
  assert.equal(readFileSync(join(folder, 'fox.png'), 'utf8'), 'mine')
  assert.equal(everything(folder).length, 4)
})

test('what is cut off is a failed download, and leaves nothing', async (t) => {
  const folder = folderOf(t)
  const request = { folder, name: 'fox', extension: 'png' }
  await assert.rejects(
    saveFile({ ...request, body: inChunks(png.subarray(0, 40)), length: png.length }),
    failsWith('download-failed', new RegExp(`^fox.png is incomplete: 40 of ${png.length} bytes came$`)),
  )
  await assert.rejects(
    saveFile({ ...request, body: inChunks(png.subarray(0, 40), new Error('terminated')) }),
    failsWith('download-failed', /^fox.png broke off on its way: terminated$/),
  )
  assert.deepEqual(everything(folder), [])
})

test('a known error of the source stays what it is', async (t) => {
  const failure = new ComfyRunError('server-unreachable', 'gone')
  const saving = saveFile({ folder: folderOf(t), name: 'a', extension: 'png', body: inChunks(png, failure) })
  await assert.rejects(saving, failure)
})

test('a damaged file is not kept', async (t) => {
  const folder = folderOf(t)
  const saving = saveFile({ folder, name: 'fox', extension: 'png', body: png.subarray(0, -20) })
  await assert.rejects(saving, failsWith('damaged-file', /^fox.png can't be decoded: /))
  assert.deepEqual(everything(folder), [])
})

test('a disk that refuses is said, with what can be done, and the body is let go', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'file'), '')
  let isClosed = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield png
      yield png
    } finally {
      isClosed = true
    }
  }
  await assert.rejects(saveFile({ folder, name: 'file/fox', extension: 'png', body: body() }), (error) => {
    assert.ok(error instanceof ComfyRunError)
    assert.equal(error.code, 'disk-failed')
    assert.ok(error.message.startsWith(`can't write ${join(folder, 'file', 'fox.png')}: `), error.message)
    assert.match(error.hint ?? '', /is a file, not a folder/)
    return true
  })
  assert.equal(isClosed, true)
})

test('a folder without permission is said', { skip: process.getuid?.() === 0 }, async (t) => {
  const folder = join(folderOf(t), 'closed')
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  const saving = saveFile({ folder, name: 'fox', extension: 'png', body: png })
  await assert.rejects(saving, failsWith('disk-failed', /permission denied$/))
})

test('what an inspection finds is told, and the file is kept under a number', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'fox.png'), 'good')
  const saved = await saveFile({
    folder,
    name: 'fox',
    extension: 'png',
    body: png,
    placer: new Placer('overwrite'),
    inspect: async (path) => {
      assert.deepEqual(readFileSync(path), png)
      return (name) => new ComfyRunError('check-failed', `${name} is too small`)
    },
  })
  assert.equal(saved.path, join(folder, 'fox-2.png'))
  assert.equal(saved.fault?.message, `${join(folder, 'fox-2.png')} is too small`)
  assert.equal(readFileSync(join(folder, 'fox.png'), 'utf8'), 'good')
})

test('what a killed process has left of a file goes when the file is taken up again', async (t) => {
  const folder = folderOf(t)
  const name = `${'a'.repeat(60)}_1`
  // A process of its own, as it would be: the names of its temporary files are not those of this one.
  const [, hash = ''] = /\.([\da-f]{8})\.[\da-f]+\.part$/.exec(partPath(`${name}.png`)) ?? []
  const left = `.${name.slice(0, 40)}.${hash}.0123456789abcdef.part`
  const other = `.${name.slice(0, 40)}.00000000.0123456789abcdef.part`
  for (const file of [left, other]) writeFileSync(join(folder, file), 'half')
  await saveFile({ folder, name, extension: 'png', body: png })
  assert.equal(everything(folder).length, 3)
  await saveFile({ folder, name, extension: 'png', body: png, mayBeThere: true })
  assert.deepEqual(everything(folder), [other, `${name}.png`].sort())
})

test('nothing that is damaged replaces a file', async (t) => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'fox.png'), 'good')
  const request = { folder, name: 'fox', extension: 'png', placer: new Placer('overwrite') }
  await assert.rejects(
    saveFile({ ...request, body: png.subarray(0, -20) }),
    failsWith('damaged-file', /decoded/),
  )
  assert.equal(readFileSync(join(folder, 'fox.png'), 'utf8'), 'good')
  await saveFile({ ...request, body: png })
  assert.deepEqual(readFileSync(join(folder, 'fox.png')), png)
  assert.deepEqual(everything(folder), ['fox.png'])
})

test('a name never leads out of the folder', async (t) => {
  const folder = join(folderOf(t), 'out')
  for (const name of ['../fox', 'a/../../fox', '/fox', '']) {
    const saving = saveFile({ folder, name, extension: 'png', body: png })
    await assert.rejects(saving, failsWith('disk-failed', /leads out of the folder/), name)
  }
  assert.deepEqual(everything(folderOf(t)), [])
})
