import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

async function workflow(t: TestContext, graph: unknown): Promise<void> {
  await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
}

const image = { class_type: 'EmptyImage', inputs: { width: 32, height: 32, batch_size: 1, color: 255 } }
const save = (prefix: string) => ({
  class_type: 'SaveImage',
  inputs: { images: ['57:8', 0], filename_prefix: prefix },
})
const previewAndTwoSaves = {
  '57:8': image,
  2: { class_type: 'PreviewImage', inputs: { images: ['57:8', 0] } },
  3: save('a'),
  4: save('b'),
}

test('both outputs of a graph with a preview and two saves are saved; ids like 57:8 are fine', async (t) => {
  const server = await startRig(t)
  await workflow(t, previewAndTwoSaves)
  assertExit(await comfyRun(t, ['run', 'graph.json', '--server', server.url, '-o', 'out']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['graph_1.png', 'graph_2.png'])
  assert.deepEqual(imagesIn(t, 'out/temp'), [])
})

test('--save-temp saves the preview, too', async (t) => {
  await workflow(t, previewAndTwoSaves)
  assertExit(await comfyRun(t, ['run', 'graph.json', '--server', 'embedded', '-o', 'out', '--save-temp']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['graph_1.png', 'graph_2.png'])
  assert.deepEqual(imagesIn(t, 'out/temp'), ['graph.png'])
})

test('a fully cached second run leaves the same files under new names', async (t) => {
  const server = await startRig(t)
  await workflow(t, previewAndTwoSaves)
  const args = ['run', 'graph.json', '--server', server.url, '-o', 'out', '--json', '--keep-prefix']
  assertExit(await comfyRun(t, args), 0)
  const again = await comfyRun(t, args)
  assertExit(again, 0)
  assert.match(again.stdout, /"cached":true/)
  assert.deepEqual(imagesIn(t, 'out'), ['graph_1-2.png', 'graph_1.png', 'graph_2-2.png', 'graph_2.png'])
  const bytes = async (name: string): Promise<Buffer> => readFile(join(folderOf(t), 'out', name))
  assert.deepEqual(await bytes('graph_1-2.png'), await bytes('graph_1.png'))
})

test('a cached result whose file is gone is saved anew', async (t) => {
  const server = await startRig(t)
  await workflow(t, previewAndTwoSaves)
  const args = ['run', 'graph.json', '--server', server.url, '-o', 'out', '--keep-prefix']
  assertExit(await comfyRun(t, args), 0)
  for (const name of await readdir(join(server.folder, 'output'))) {
    await rm(join(server.folder, 'output', name), { recursive: true })
  }
  const again = await comfyRun(t, args) // pitfall 23
  assertExit(again, 0)
  assert.match(again.stderr, /HTTP 404; trying again/)
  assert.deepEqual(imagesIn(t, 'out'), ['graph_1-2.png', 'graph_1.png', 'graph_2-2.png', 'graph_2.png'])
  assert.equal(server.promptsRun, 3)
})

test('each run has a folder of its own on the server, unless the prefix is to be kept', async (t) => {
  const server = await startRig(t)
  await workflow(t, previewAndTwoSaves)
  const args = ['run', 'graph.json', '--server', server.url, '-o', 'out']
  const onServer = async (): Promise<string[]> => {
    const files = await readdir(join(server.folder, 'output'), { recursive: true })
    return files.filter((file) => file.endsWith('.png'))
  }
  assertExit(await comfyRun(t, [...args, '--keep-prefix']), 0)
  const kept = await onServer()
  assert.ok(kept.length > 0 && kept.every((file) => !file.includes('comfy-run')))
  assertExit(await comfyRun(t, args), 0)
  const own = (await onServer()).filter((file) => !kept.includes(file))
  assert.ok(own.length > 0 && own.every((file) => /^comfy-run.\d{8}-\d{6}-\w{6}.0./.test(file)), own.join())
})

test('a graph that only previews has its preview as the result', async (t) => {
  await workflow(t, { '57:8': image, 2: { class_type: 'PreviewImage', inputs: { images: ['57:8', 0] } } })
  assertExit(await comfyRun(t, ['run', 'graph.json', '--server', 'embedded', '-o', 'out']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['graph.png'])
})

test('images that come over the socket only are saved', async (t) => {
  await workflow(t, {
    '57:8': image,
    2: { class_type: 'SaveImageWebsocket', inputs: { images: ['57:8', 0] } },
  })
  assertExit(await comfyRun(t, ['run', 'graph.json', '--server', 'embedded', '-o', 'out']), 0)
  assert.deepEqual(imagesIn(t, 'out'), ['graph.png'])
})

test('text outputs are printed', async (t) => {
  await workflow(t, {
    1: { class_type: 'PrimitiveString', inputs: { value: 'hello' } },
    2: { class_type: 'PreviewAny', inputs: { source: ['1', 0] } },
  })
  const run = await comfyRun(t, ['run', 'graph.json', '--server', 'embedded'])
  assertExit(run, 0)
  assert.equal(run.stdout, 'hello\n')
})
