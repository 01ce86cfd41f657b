import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, said, startComfyRun, type Finished } from '../rig/rig.ts'
import { startTcpProxy } from '../rig/tcp-proxy.ts'
import { checkpoint, queueLength, serverUrl } from './server.ts'

const small = ['--size', '64x64', '--sampler', 'euler', '--scheduler', 'normal', '-o', 'out']

async function quick(url: string, ...more: readonly string[]): Promise<string[]> {
  return ['txt2img', 'a fox', '--model', await checkpoint(), ...small, '--server', url, ...more]
}

/** Asserts that a run has left one whole image, and nothing on the server. */
async function assertOneImage(t: TestContext, run: Finished): Promise<void> {
  assertExit(run, 0)
  const images = imagesIn(t, 'out')
  assert.equal(images.length, 1)
  await sharp(join(folderOf(t), 'out', images[0]!))
    .raw()
    .toBuffer()
  assert.equal(await queueLength(), 0)
}

test('the socket is cut while the sampler runs', async (t) => {
  const proxy = await startTcpProxy(t, serverUrl)
  const { child, finished } = startComfyRun(t, await quick(proxy.url, '--steps', '20', '--json'))
  await said(child, '"sampler-step"', 2)
  assert.equal(proxy.cutSockets(), 1)
  const run = await finished
  await assertOneImage(t, run)
  assert.match(run.stdout, /"server-lost"/)
})

test('a download is cut in half, twice', async (t) => {
  const proxy = await startTcpProxy(t, serverUrl)
  proxy.cutDownloads(2, 600)
  await assertOneImage(t, await comfyRun(t, await quick(proxy.url, '--steps', '2')))
  assert.equal(proxy.downloadsCut, 2)
})

test(
  'the server is killed and started again while the sampler runs: the job is run again',
  { skip: process.env['COMFYUI_RESTART'] ? false : 'COMFYUI_RESTART has no command for it' },
  async (t) => {
    const { child, finished } = startComfyRun(t, await quick(serverUrl, '--steps', '60', '--json'))
    await said(child, '"sampler-step"', 2)
    const restart = spawn('sh', ['-c', process.env['COMFYUI_RESTART'] ?? ''], { stdio: 'ignore' })
    assert.deepEqual(await once(restart, 'exit'), [0, null])
    const run = await finished
    await assertOneImage(t, run)
    assert.match(run.stdout, /the server no longer knows the job/)
  },
)

test('no server: exit 4, and says so', async (t) => {
  const run = await comfyRun(t, await quick('http://127.0.0.1:9'))
  assertExit(run, 4)
  assert.match(run.stderr, /no ComfyUI at http:\/\/127\.0\.0\.1:9/)
})

test('the very next number above 2^53 is the seed that the server gets', async (t) => {
  const run = await comfyRun(t, await quick(serverUrl, '--steps', '1', '--seed', '9007199254740993'))
  await assertOneImage(t, run)
  const image = await readFile(join(folderOf(t), 'out', 'a-fox_9007199254740993.png'))
  assert.ok(image.includes('"seed": 9007199254740993,'))
})

test('a local file of that name is kept', async (t) => {
  await mkdir(join(folderOf(t), 'out'))
  await writeFile(join(folderOf(t), 'out/a-fox_5.png'), 'mine')
  assertExit(await comfyRun(t, await quick(serverUrl, '--steps', '1', '--seed', '5')), 0)
  assert.equal(await readFile(join(folderOf(t), 'out/a-fox_5.png'), 'utf8'), 'mine')
  assert.deepEqual(imagesIn(t, 'out'), ['a-fox_5-2.png', 'a-fox_5.png'])
})

test('in a pipe: the path on stdout, plain lines on stderr', async (t) => {
  const run = await comfyRun(t, await quick(serverUrl, '--steps', '1', '--seed', '6'))
  assertExit(run, 0)
  assert.equal(run.stdout, `${join('out', 'a-fox_6.png')}\n`)
  assert.ok(!run.stderr.includes('\u001B'))
})
