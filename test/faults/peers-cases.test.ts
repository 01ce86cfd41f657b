// The cases that other clients were measured with (the shared folder's peers.md, "Behaviour"), in the same order:
// each of them hangs, loses an image or reports a false success in some.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readPngText } from '../../src/protocol/png-text.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { quickJobs, quickWorkflow } from '../rig/quick-jobs.ts'
import { assertExit, comfyRun, said, startComfyRun, startRig, type Finished } from '../rig/rig.ts'

const limit = { timeout: 60_000 }
const fox = ['txt2img', 'a fox', '--size', '64x64', '--steps', '2', '--name', 'fox']

/** Runs `txt2img` with more options. */
async function run(t: TestContext, url: string, ...more: readonly string[]): Promise<Finished> {
  return comfyRun(t, [...fox, '--server', url, ...more])
}

function textOf(t: TestContext, file: string): ReadonlyMap<string, string> {
  const text = readPngText(readFileSync(join(folderOf(t), file)))
  assert.ok(text, `${file} is a PNG`)
  return text
}

test('1: jobs that take a few milliseconds', limit, async (t) => {
  const server = await startRig(t)
  const args = quickJobs(t, 10, server.url)
  assertExit(await comfyRun(t, args), 0)
  assert.equal(imagesIn(t, 'out').length, 10)
})

test(
  '2: an unknown node, an unknown checkpoint: exit 5, with the input and what is allowed',
  limit,
  async (t) => {
    const server = await startRig(t)
    const unknown = { ...quickWorkflow, 1: { class_type: 'NoSuchNode', inputs: {} } }
    writeFileSync(join(folderOf(t), 'unknown.json'), JSON.stringify(unknown))
    const node = await comfyRun(t, ['run', 'unknown.json', '--server', server.url])
    assertExit(node, 5)
    assert.match(node.stderr, /NoSuchNode/)
    const model = await run(t, server.url, '--model', 'nothing.safetensors')
    assertExit(model, 5)
    assert.match(model.stderr, /ckpt_name.*nothing\.safetensors.*the server has .*\.safetensors/s)
  },
)

test('3: a node raises: exit 1, with its message', limit, async (t) => {
  const server = await startRig(t, { fault: 'node-error@job:1' })
  const failed = await run(t, server.url)
  assertExit(failed, 1)
  assert.match(failed.stderr, /failed: a fault that was asked for \[ValueError\]/)
  assert.deepEqual(imagesIn(t, '.'), [])
})

test('4: no server: exit 4, and says so', limit, async (t) => {
  const server = await startRig(t)
  await server.close()
  const failed = await run(t, server.url)
  assertExit(failed, 4)
  assert.match(failed.stderr, /no ComfyUI at .*: nothing listens there/)
})

test("5 and 6: Ctrl-C ends it, and the server's job as well", limit, async (t) => {
  const server = await startRig(t, { stepMilliseconds: 20 })
  const { child, finished } = startComfyRun(t, [...fox, '--steps', '10000', '--json', '--server', server.url])
  await said(child, '"sampler-step"')
  child.kill('SIGINT')
  assertExit(await finished, 130)
  assert.equal(server.promptsLeft, 0)
})

test('7: the socket is cut in the middle: the image is there all the same', limit, async (t) => {
  const server = await startRig(t, { fault: 'socket-drop@step:1', stepMilliseconds: 50 })
  assertExit(await run(t, server.url), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.deepEqual([server.promptsRun, server.faultsSeen.get('socket-drop')], [1, 1])
})

test('8: the server is killed and restarted: the job runs again', limit, async (t) => {
  const server = await startRig(t, { fault: 'restart@step:1:300ms' })
  assertExit(await run(t, server.url), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.deepEqual([server.promptsRun, server.faultsSeen.get('restart')], [2, 1])
})

test('9: the same prompt twice, the second from the cache', limit, async (t) => {
  const server = await startRig(t)
  const same = ['--seed', '1', '--keep-prefix']
  assertExit(await run(t, server.url, ...same), 0)
  const again = await run(t, server.url, ...same, '--name', 'again')
  assertExit(again, 0)
  assert.match(again.stderr, /cached/)
  assert.deepEqual(imagesIn(t, '.'), ['again.png', 'fox.png'])
})

test('10: the download is cut in half: it is fetched again, and nothing half is left', limit, async (t) => {
  const server = await startRig(t, { fault: 'view-truncate:50%' })
  assertExit(await run(t, server.url), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  assert.deepEqual([server.promptsRun, server.faultsSeen.get('view-truncate')], [1, 1])
})

for (const [number, name, seed] of [
  [11, '2^64-1', 2n ** 64n - 1n],
  [12, '2^53+1', 2n ** 53n + 1n],
] as const) {
  test(`${number}: the seed ${name} arrives as it is`, limit, async (t) => {
    const server = await startRig(t)
    assertExit(await run(t, server.url, '--seed', String(seed)), 0)
    assert.match(textOf(t, 'fox.png').get('prompt') ?? '', new RegExp(`"seed": ${seed}[,}]`))
  })
}

test('13: a local file of that name is kept', limit, async (t) => {
  const server = await startRig(t)
  writeFileSync(join(folderOf(t), 'fox.png'), 'mine')
  assertExit(await run(t, server.url), 0)
  assert.equal(readFileSync(join(folderOf(t), 'fox.png'), 'utf8'), 'mine')
  assert.deepEqual(imagesIn(t, '.'), ['fox-2.png', 'fox.png'])
})

test('14 and 15: one command puts the image on disk, byte for byte, with its metadata', limit, async (t) => {
  const server = await startRig(t)
  assertExit(await run(t, server.url), 0)
  const text = textOf(t, 'fox.png').get('prompt') ?? ''
  assert.match(text, /"text": "a fox"/)
  const output = join(server.folder, 'output')
  const served = readdirSync(output, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.png'),
  )
  assert.deepEqual(readFileSync(join(folderOf(t), 'fox.png')), readFileSync(join(output, served ?? '')))
})

test('16: in a pipe: paths on stdout, plain lines on stderr', limit, async (t) => {
  const server = await startRig(t)
  const piped = await run(t, server.url)
  assertExit(piped, 0)
  assert.equal(piped.stdout, 'fox.png\n')
  assert.match(piped.stderr, /done {2}fox\.png/)
  for (const control of ['\u001b', '\r']) assert.ok(!piped.stderr.includes(control))
})
