import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseJson } from '../../src/protocol/json.ts'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

test('what a server is, as text and as JSON', async (t) => {
  const server = await startRig(t)
  const text = await comfyRun(t, ['doctor', '--server', server.url])
  assertExit(text, 0)
  assert.match(text.stdout, new RegExp(`^${server.url}\n`))
  assert.match(text.stdout, /ComfyUI +0\.33\.0: the embedded server/)
  assert.match(text.stdout, /device +cpu: [\d.]+ of [\d.]+ GiB free/)
  const json = await comfyRun(t, ['doctor', '--server', server.url, '--json'])
  const report = JSON.parse(json.stdout) as Record<string, unknown>
  assert.equal(report['server'], server.url)
  assert.equal(report['queue'], 0)
})

test('its samplers, schedulers and models, one on a line', async (t) => {
  const list = async (...args: string[]): Promise<string[]> => {
    const run = await comfyRun(t, ['doctor', '--server', 'embedded', ...args])
    assertExit(run, 0)
    return run.stdout.trimEnd().split('\n')
  }
  assert.ok((await list('--samplers')).includes('dpmpp_2m'))
  assert.ok((await list('--schedulers')).includes('karras'))
  assert.ok((await list('--models')).includes('checkpoints\tsdXL_v10VAEFix.safetensors'))
  assert.ok((await list('--models', 'loras')).includes('detail.safetensors'))
})

test('a folder that it does not have is an error with those that it has', async (t) => {
  const run = await comfyRun(t, ['doctor', '--server', 'embedded', '--models', 'lorras'])
  assertExit(run, 2)
  assert.match(run.stderr, /did you mean "loras"/)
})

test('--save-object-info saves what --object-info takes', async (t) => {
  const saved = await comfyRun(t, ['doctor', '--server', 'embedded', '--save-object-info', 'info.json'])
  assertExit(saved, 0)
  assert.equal(saved.stdout, '')
  assert.match(saved.stderr, /^\d+ node classes of /)
  const info = parseJson(await readFile(join(folderOf(t), 'info.json'), 'utf8'))
  assert.ok(Object.hasOwn(info as object, 'KSampler'))
  const again = await comfyRun(t, ['check', 'info.json', '--object-info', 'info.json'])
  assert.match(again.stdout, /not-a-workflow/)
})

test('a server that is not there: exit 4, whatever is asked', async (t) => {
  for (const question of [[], ['--samplers'], ['--models'], ['--save-object-info', 'x.json']]) {
    assertExit(await comfyRun(t, ['doctor', '--server', 'http://127.0.0.1:1', ...question]), 4)
  }
})

test('lists are asked of one server', async (t) => {
  const run = await comfyRun(t, ['doctor', '--server', 'http://a:1,http://b:1', '--samplers'])
  assertExit(run, 2)
})
