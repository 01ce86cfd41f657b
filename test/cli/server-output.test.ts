import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { comfyRun, startRig } from '../rig/rig.ts'

const small = [
  '--width',
  '64',
  '--height',
  '64',
  '--steps',
  '1',
  '--batch-size',
  '2',
  '--name',
  'fox',
  '-o',
  'out',
]

test("with the server's output folder at hand, only the first file is fetched", async (t) => {
  // Happens at each GET /view, and so counts them.
  const server = await startRig(t, { fault: 'view-redirect' })
  const output = join(server.folder, 'output')
  const args = ['txt2img', 'fox', '--server', server.url, ...small]
  const run = await comfyRun(t, [...args, '--server-output', output, '--expect', 'size=64x64'])
  assert.equal(run.exitCode, 0, run.stderr)
  assert.deepEqual(imagesIn(t, 'out'), ['fox_1.png', 'fox_2.png'])
  assert.equal(server.faultsSeen.get('view-redirect'), 1)
  assert.doesNotMatch(run.stderr, /warning/)

  const again = await comfyRun(t, args, { env: { COMFY_RUN_SERVER_OUTPUT: output } })
  assert.equal(again.exitCode, 0, again.stderr)
  assert.equal(server.faultsSeen.get('view-redirect'), 2)
})

/** A rig's usual environment says that the folder is not to be looked for. */
const asUsers = { env: { COMFY_RUN_SERVER_OUTPUT: undefined } }

test('the folder of a server on this machine is found by itself', async (t) => {
  const server = await startRig(t, { fault: 'view-redirect' })
  const args = ['txt2img', 'fox', '--server', server.url, ...small, '--name', 'fox-{copy}', '--count', '3']
  const run = await comfyRun(t, args, asUsers)
  assert.equal(run.exitCode, 0, run.stderr)
  assert.equal(imagesIn(t, 'out').length, 6)
  assert.doesNotMatch(run.stderr, /warning/)
  // The first one, and those that came before the second one had shown that it is the folder.
  const fetched = server.faultsSeen.get('view-redirect') ?? 0
  assert.ok(fetched >= 2 && fetched < 6, `${fetched} were fetched`)

  for (const [more, options] of [
    [['--server-output', 'none'], asUsers],
    [['--keep-prefix', '--seed', '7'], asUsers],
    [[], {}],
  ] as const) {
    const before = server.faultsSeen.get('view-redirect') ?? 0
    const again = await comfyRun(t, [...args, ...more], options)
    assert.equal(again.exitCode, 0, again.stderr)
    assert.equal(server.faultsSeen.get('view-redirect'), before + 6)
  }
})

test('a list of servers has a folder for each', async (t) => {
  const server = await startRig(t, { fault: 'view-redirect' })
  const entry = { url: server.url, output: join(server.folder, 'output') }
  await writeFile(join(folderOf(t), 'servers.json'), JSON.stringify([entry]))
  const run = await comfyRun(t, ['txt2img', 'fox', '--servers', 'servers.json', ...small])
  assert.equal(run.exitCode, 0, run.stderr)
  assert.equal(server.faultsSeen.get('view-redirect'), 1)
})

test("a folder that is not the server's is told of, and costs nothing", async (t) => {
  const server = await startRig(t, { fault: 'view-redirect' })
  await mkdir(join(folderOf(t), 'other'))
  const args = ['txt2img', 'fox', '--server', server.url, '--server-output', 'other', ...small]
  const run = await comfyRun(t, args)
  assert.equal(run.exitCode, 0, run.stderr)
  assert.deepEqual(imagesIn(t, 'out'), ['fox_1.png', 'fox_2.png'])
  assert.equal(server.faultsSeen.get('view-redirect'), 2)
  assert.match(run.stderr, /warning: http:\S+: other is not its output folder: there is no .*_00001_\.png/)
  const events = await comfyRun(t, [...args, '--json'])
  assert.equal(events.stdout.match(/"type":"server-warning"/g)?.length, 1)
})

test('a folder that is not there is told of before anything is queued', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'file'), '')
  for (const folder of ['nowhere', 'file']) {
    const run = await comfyRun(t, ['txt2img', 'fox', '--server', server.url, '--server-output', folder])
    assert.equal(run.exitCode, 2)
    assert.match(run.stderr, new RegExp(`there is no folder ${folder}`))
  }
  await writeFile(join(folderOf(t), 'servers.yaml'), `- a\n- url: ${server.url}\n  output: nowhere\n`)
  const run = await comfyRun(t, ['txt2img', 'fox', '--servers', 'servers.yaml'])
  assert.equal(run.exitCode, 2)
  assert.match(run.stderr, /there is no folder .*nowhere[^]*--> servers\.yaml:2:3/)
  assert.equal(server.promptsRun, 0)
})

test('a server of the command itself needs no folder', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'fox', '--server', 'embedded', '--server-output', '.', ...small])
  assert.equal(run.exitCode, 0, run.stderr)
  assert.doesNotMatch(run.stderr, /warning/)
})
