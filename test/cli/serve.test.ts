import assert from 'node:assert/strict'
import { test } from 'node:test'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startComfyRun } from '../rig/rig.ts'

test('serve says where it listens, serves other commands, and ends with a signal', async (t) => {
  const { child, finished } = startComfyRun(t, ['serve', '--port', '0', '--step-time', '0'])
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (text: string) => resolve(text.trim()))
  })
  const stats = (await (await fetch(`${url}/system_stats`)).json()) as { system: Record<string, unknown> }
  assert.match(JSON.stringify(stats.system['comfy_run']), /rehears/)
  assertExit(await comfyRun(t, ['txt2img', 'a fox', '--size', '64x64', '--name', 'fox', '--server', url]), 0)
  assert.deepEqual(imagesIn(t, '.'), ['fox.png'])
  child.kill('SIGINT')
  const run = await finished
  assertExit(run, 0)
  assert.match(run.stderr, /no model runs/)
})

test('a port that is taken is said: exit 2', async (t) => {
  const { child, finished } = startComfyRun(t, ['serve', '--port', '0'])
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (text: string) => resolve(text.trim()))
  })
  const run = await comfyRun(t, ['serve', '--port', new URL(url).port])
  assertExit(run, 2)
  assert.match(run.stderr, /\[port-in-use\]/)
  child.kill('SIGTERM')
  await finished
})
