import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPngText } from '../../src/protocol/png-text.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

test('txt2img makes one image, whose path is all that stdout holds', async (t) => {
  const server = await startRig(t)
  const run = await comfyRun(t, [
    'txt2img',
    'a fox',
    '--seed',
    '1',
    '--size',
    '64x64',
    '--server',
    server.url,
    '-o',
    'out',
  ])
  assertExit(run, 0)
  assert.equal(run.stdout, `${join('out', 'a-fox_1.png')}\n`)
  assert.deepEqual(imagesIn(t, 'out'), ['a-fox_1.png'])
  assert.equal(server.promptsRun, 1)
})

test('the image holds the workflow that made it, with what the options changed', async (t) => {
  const args = ['txt2img', 'a "quoted" fox', '-n', '1984', '--seed', '18446744073709551615', '--steps', '3']
  const run = await comfyRun(t, [
    ...args,
    '--cfg',
    '2.5',
    '--size',
    '64x96',
    '--server',
    'embedded',
    '--name',
    'fox',
  ])
  assertExit(run, 0)
  const text = readPngText(await readFile(join(folderOf(t), 'fox.png')))?.get('prompt') ?? ''
  assert.match(text, /"seed": 18446744073709551615/)
  assert.match(text, /"steps": 3/)
  assert.match(text, /"cfg": 2\.5/)
  assert.match(text, /"width": 64/)
  assert.match(text, /"height": 96/)
  assert.match(text, /"text": "1984"/)
  assert.match(text, /"text": "a \\"quoted\\" fox"/)
})

test('the prompt comes from stdin with -, from a file with @', async (t) => {
  const server = await startRig(t)
  const common = ['--seed', '1', '--size', '64x64', '--server', server.url]
  assertExit(await comfyRun(t, ['txt2img', '-', ...common], { input: 'a cat\n' }), 0)
  assert.deepEqual(imagesIn(t, '.'), ['a-cat_1.png'])
})

test('--count makes copies, each with a seed of its own', async (t) => {
  const server = await startRig(t)
  const args = ['txt2img', 'a fox', '--seed', '7', '--count', '3', '--size', '64x64', '--server', server.url]
  const run = await comfyRun(t, args)
  assertExit(run, 0)
  assert.deepEqual(imagesIn(t, '.'), ['a-fox_7.png', 'a-fox_8.png', 'a-fox_9.png'])
})

test('a second run never overwrites', async (t) => {
  const server = await startRig(t)
  const args = ['txt2img', 'a fox', '--seed', '7', '--size', '64x64', '--server', server.url]
  assertExit(await comfyRun(t, args), 0)
  assertExit(await comfyRun(t, args), 0)
  assert.deepEqual(imagesIn(t, '.'), ['a-fox_7-2.png', 'a-fox_7.png'])
})

test('--json is events only: the version first, the summary last', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--size', '64x64', '--server', 'embedded', '--json'])
  assertExit(run, 0)
  const events = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; format?: number; exitCode?: number })
  assert.deepEqual([events[0]?.type, events[0]?.format], ['run-started', 1])
  assert.deepEqual([events.at(-1)?.type, events.at(-1)?.exitCode], ['run-finished', 0])
  assert.ok(events.filter(({ type }) => type === 'sampler-step').length >= 22)
  assert.equal(run.stderr, '')
})

test('--quiet says nothing but the path', async (t) => {
  const run = await comfyRun(t, [
    'txt2img',
    'a fox',
    '--seed',
    '1',
    '--size',
    '64x64',
    '--server',
    'embedded',
    '--quiet',
  ])
  assertExit(run, 0)
  assert.deepEqual([run.stdout, run.stderr], ['a-fox_1.png\n', ''])
})

test('--dry-run needs no server and leaves nothing', async (t) => {
  const run = await comfyRun(t, [
    'txt2img',
    'a fox',
    '--seed',
    '7',
    '--server',
    'http://127.0.0.1:1',
    '--dry-run',
  ])
  assertExit(run, 0)
  assert.match(run.stdout, /a-fox_7/)
  assert.deepEqual(imagesIn(t, '.'), [])
})

test('--save-previews keeps a preview of each step', async (t) => {
  const server = await startRig(t, { previewMilliseconds: 0 })
  const args = ['txt2img', 'a fox', '--steps', '3', '--size', '64x64', '--save-previews', '--name', 'fox']
  assertExit(await comfyRun(t, [...args, '--server', server.url]), 0)
  assert.deepEqual(imagesIn(t, 'previews'), ['fox_001.jpg', 'fox_002.jpg', 'fox_003.jpg'])
})
