import assert from 'node:assert/strict'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { FetchedFile } from '../../src/comfy/download.ts'
import { OutputFolder } from '../../src/comfy/output-folder.ts'
import type { ServerFile } from '../../src/protocol/outputs.ts'
import { bytesOf } from '../rig/bytes-of.ts'
import { folderOf } from '../rig/folder.ts'

const names = ['a.png', 'b.png', 'c.png']

function serverFile(filename: string, change: Partial<ServerFile> = {}): ServerFile {
  return { node: '9', filename, subfolder: 'run/0', type: 'output', ...change }
}

/** A folder with the files of a run, each holding its name, and a server that has the same ones. */
async function setUp(t: TestContext) {
  const root = join(folderOf(t), 'output')
  await mkdir(join(root, 'run', '0'), { recursive: true })
  for (const name of names) await writeFile(join(root, 'run', '0', name), name)
  const refutations: string[] = []
  const fetched: string[] = []
  const folder = new OutputFolder(root, (reason) => refutations.push(reason))
  const read = async (file: ServerFile): Promise<string> => {
    const fetch = async (): Promise<FetchedFile> => {
      fetched.push(file.filename)
      return { body: chunks(file.filename), length: file.filename.length, contentType: 'image/png' }
    }
    const { body, length } = await folder.open(file, fetch)
    const text = (await bytesOf(body)).toString()
    assert.equal(length, text.length)
    return text
  }
  return { root, folder, read, refutations, fetched }
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  for (const letter of text) yield Buffer.from(letter)
}

test('the first file is fetched and compared, the others are read on disk', async (t) => {
  const { read, fetched, refutations } = await setUp(t)
  for (const name of names) assert.equal(await read(serverFile(name)), name)
  assert.deepEqual(fetched, ['a.png'])
  assert.deepEqual(refutations, [])
})

test('a folder in which the first file is not, or is another, is used no more', async (t) => {
  for (const [spoil, why] of [
    [async (path: string) => rm(path), /there is no a\.png; files are fetched/],
    [
      async (path: string) => writeFile(path, 'A.png'),
      /output is not its output folder: a\.png is another file there/,
    ],
    [
      async (path: string) => writeFile(path, 'a.png and more'),
      /output is not its output folder: a\.png is another file there/,
    ],
    [
      async (path: string) => writeFile(path, ''),
      /output is not its output folder: a\.png is another file there/,
    ],
  ] as const) {
    const { root, read, fetched, refutations } = await setUp(t)
    await spoil(join(root, 'run', '0', 'a.png'))
    for (const name of names) assert.equal(await read(serverFile(name)), name)
    assert.deepEqual(fetched, names)
    assert.equal(refutations.length, 1)
    assert.match(refutations[0] ?? '', why)
  }
})

test('files that are being fetched when another one differs are told of once', async (t) => {
  const { root, read, refutations } = await setUp(t)
  for (const name of names) await writeFile(join(root, 'run', '0', name), 'x')
  await Promise.all(names.map(async (name) => read(serverFile(name))))
  assert.equal(refutations.length, 1)
})

test('files that come while the first one is fetched wait for it, and are read on disk', async (t) => {
  const { read, fetched } = await setUp(t)
  assert.deepEqual(await Promise.all(names.map(async (name) => read(serverFile(name)))), names)
  assert.deepEqual(fetched, ['a.png'])
})

test('if the first one breaks off, the next one is compared', async (t) => {
  const { folder, read, fetched } = await setUp(t)
  const broken = folder.open(serverFile('a.png'), async () => Promise.reject(new Error('cut')))
  const others = ['b.png', 'c.png'].map(async (name) => read(serverFile(name)))
  await assert.rejects(broken, /cut/)
  assert.deepEqual(await Promise.all(others), ['b.png', 'c.png'])
  assert.deepEqual(fetched, ['b.png'])
  // Or in the middle of it.
  folder.doubt()
  const { body } = await folder.open(serverFile('a.png'), async () => ({
    body: chunks('a.png'),
    length: 5,
    contentType: 'image/png',
  }))
  const waiting = read(serverFile('c.png'))
  for await (const _ of body) break
  assert.equal(await waiting, 'c.png')
  assert.deepEqual(fetched, ['b.png', 'c.png'])
})

test('a file that the server has lost as well says nothing of the folder', async (t) => {
  const { root, folder, read, fetched, refutations } = await setUp(t)
  await rm(join(root, 'run', '0', 'a.png'))
  const gone = folder.open(serverFile('a.png'), async () => Promise.reject(new Error('not there')))
  await assert.rejects(gone, /not there/)
  assert.equal(await read(serverFile('b.png')), 'b.png')
  assert.equal(await read(serverFile('c.png')), 'c.png')
  assert.deepEqual(fetched, ['b.png'])
  assert.deepEqual(refutations, [])
})

test('a file that nobody reads keeps the others waiting for a while only', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { folder, read, fetched } = await setUp(t)
  const file = { body: chunks('a.png'), length: 5, contentType: 'image/png' }
  await folder.open(serverFile('a.png'), async () => file)
  const waiting = read(serverFile('b.png'))
  assert.deepEqual(fetched, [])
  t.mock.timers.tick(1000)
  assert.equal(await waiting, 'b.png')
  assert.deepEqual(fetched, ['b.png'])
})

test('a file that is not there later is fetched, and the folder stays in use', async (t) => {
  const { root, read, fetched, refutations } = await setUp(t)
  await read(serverFile('a.png'))
  await rm(join(root, 'run', '0', 'b.png'))
  assert.equal(await read(serverFile('b.png')), 'b.png')
  assert.equal(await read(serverFile('c.png')), 'c.png')
  assert.deepEqual(fetched, ['a.png', 'b.png'])
  assert.deepEqual(refutations, [])
})

test('a file that may not be read here is fetched', { skip: process.getuid?.() === 0 }, async (t) => {
  const { root, read, fetched, refutations } = await setUp(t)
  await read(serverFile('a.png'))
  await chmod(join(root, 'run', '0', 'b.png'), 0)
  assert.equal(await read(serverFile('b.png')), 'b.png')
  assert.deepEqual(fetched, ['a.png', 'b.png'])
  assert.deepEqual(refutations, [])
})

test('temp files are fetched, and say nothing of the folder', async (t) => {
  const { read, fetched, refutations } = await setUp(t)
  assert.equal(await read(serverFile('t.png', { type: 'temp' })), 't.png')
  assert.equal(await read(serverFile('a.png')), 'a.png')
  assert.equal(await read(serverFile('u.png', { type: 'temp' })), 'u.png')
  assert.deepEqual(fetched, ['t.png', 'a.png', 'u.png'])
  assert.deepEqual(refutations, [])
})

test('a folder that was wrong stays so, and is told of once', async (t) => {
  const { root, folder, read, fetched, refutations } = await setUp(t)
  await writeFile(join(root, 'run', '0', 'a.png'), 'x')
  await read(serverFile('a.png'))
  folder.doubt()
  await read(serverFile('b.png'))
  await read(serverFile('c.png'))
  assert.deepEqual(fetched, names)
  assert.equal(refutations.length, 1)
})

test('after a restart the server must prove its folder again', async (t) => {
  const { folder, read, fetched, refutations } = await setUp(t)
  await read(serverFile('a.png'))
  folder.doubt()
  await read(serverFile('b.png'))
  await read(serverFile('c.png'))
  assert.deepEqual(fetched, ['a.png', 'b.png'])
  assert.deepEqual(refutations, [])
})
