import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { FetchedFile } from '../../src/comfy/download.ts'
import { FolderFinder } from '../../src/comfy/folder-finder.ts'
import type { ServerFile } from '../../src/protocol/outputs.ts'
import { bytesOf } from '../rig/bytes-of.ts'
import { folderOf } from '../rig/folder.ts'
import { accessOf, startScripted, type Route } from '../rig/scripted-server.ts'

const names = ['a.png', 'b.png', 'c.png', 'd.png']
const asked = 'GET /internal/folder_paths'

/** An output folder with the files of a run, each holding its name, and what a server says of its folders. */
async function setUp(t: TestContext, answer: (root: string) => Route) {
  const root = join(folderOf(t), 'output')
  await mkdir(join(root, 'run', '0'), { recursive: true })
  for (const name of names) await writeFile(join(root, 'run', '0', name), name)
  const server = await startScripted(t, { [asked]: answer(root) })
  const finder = new FolderFinder(accessOf(t, server))
  const fetched: string[] = []
  const read = async (name: string, isOfRun = true, type = 'output'): Promise<string> => {
    const file: ServerFile = { node: '9', filename: name, subfolder: 'run/0', type }
    const fetch = async (): Promise<FetchedFile> => {
      fetched.push(name)
      return { body: chunks(name), length: name.length }
    }
    return (await bytesOf((await finder.open(file, fetch, isOfRun)).body)).toString()
  }
  return { root, server, finder, fetched, read }
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

function folders(...checkpoints: readonly unknown[]): Route {
  return { body: JSON.stringify({ vae: ['/models/vae'], checkpoints }) }
}

test('the folder is found at the second file, which is fetched to be compared', async (t) => {
  const { server, fetched, read } = await setUp(t, (root) =>
    folders('/models/checkpoints', join(root, 'checkpoints'), join(root, 'checkpoints')),
  )
  for (const name of names) assert.equal(await read(name), name)
  assert.deepEqual(fetched, ['a.png', 'b.png'])
  assert.equal(server.requests.length, 1)
})

test('for a single file, and for files that are not of the run, nothing is asked', async (t) => {
  const { server, fetched, read } = await setUp(t, (root) => folders(join(root, 'checkpoints')))
  await read('a.png')
  for (const name of names) await read(name, false)
  for (const name of names) await read(name, true, 'temp')
  assert.deepEqual(fetched, ['a.png', ...names, ...names])
  assert.equal(server.requests.length, 0)
})

test('files that are opened together wait for one question', async (t) => {
  const { server, fetched, read } = await setUp(t, (root) => folders(join(root, 'checkpoints')))
  await read('a.png')
  assert.deepEqual(await Promise.all(names.map(async (name) => read(name))), names)
  assert.equal(server.requests.length, 1)
  const before = fetched.length
  assert.equal(await read('d.png'), 'd.png')
  assert.equal(fetched.length, before)
})

test('where the file of the run is not, nothing is read', async (t) => {
  const { server, fetched, read } = await setUp(t, (root) =>
    folders(
      // A tunnel leads to another machine, which has folders of the same names; or to one that means harm.
      join(root, '..', 'checkpoints'),
      join(root, 'run', 'checkpoints'),
      join(root, 'models'),
      'output/checkpoints',
      7,
      null,
    ),
  )
  for (const name of names) assert.equal(await read(name), name)
  assert.deepEqual(fetched, names)
  assert.equal(server.requests.length, 1)
})

test('a folder with another file at that place is not used', async (t) => {
  const { root, fetched, read } = await setUp(t, (folder) => folders(join(folder, 'checkpoints')))
  await writeFile(join(root, 'run', '0', 'b.png'), 'mine')
  for (const name of names) assert.equal(await read(name), name)
  assert.deepEqual(fetched, names)
})

test('a server that does not tell, or tells nonsense, is asked once', async (t) => {
  for (const answer of [
    { status: 404, body: '' },
    { cut: true },
    { status: 500, body: 'no' },
    { body: '[]' },
    { body: '{}' },
    { body: '{"checkpoints":"/x"}' },
    { body: '<html>' },
  ]) {
    const { server, fetched, read } = await setUp(t, () => answer)
    for (const name of names) assert.equal(await read(name), name)
    assert.deepEqual(fetched, names)
    assert.equal(server.requests.length, 1)
  }
})

test('after a restart the folder must be proven again', async (t) => {
  const { finder, fetched, read } = await setUp(t, (root) => folders(join(root, 'checkpoints')))
  for (const name of names) await read(name)
  finder.doubt()
  for (const name of names) assert.equal(await read(name), name)
  assert.deepEqual(fetched, ['a.png', 'b.png', 'a.png'])
})
