import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

const txt2img = new URL('../../workflows/txt2img.json', import.meta.url)

async function makeImage(t: TestContext): Promise<void> {
  const args = ['txt2img', 'a fox', '--seed', '18446744073709551615', '--steps', '3', '--size', '64x96']
  assertExit(await comfyRun(t, [...args, '--server', 'embedded', '--name', 'fox']), 0)
}

test('inspect shows the roles of a workflow, what they set and what they hold', async (t) => {
  const run = await comfyRun(t, ['inspect', '-'], { input: await readFile(txt2img, 'utf8') })
  assertExit(run, 0)
  assert.match(run.stdout, /^steps +3\.steps +22$/m)
  assert.match(run.stdout, /^model +4\.ckpt_name +"sdXL_v10VAEFix\.safetensors"$/m)
  assert.match(run.stdout, /^image +\(the workflow loads no image\)$/m)
  assert.match(run.stdout, /^6\.text +CLIPTextEncode "Positive prompt" +""$/m)
})

test('inspect --json gives every address that a flag changes', async (t) => {
  const run = await comfyRun(t, ['inspect', '-', '--json'], { input: await readFile(txt2img, 'utf8') })
  assertExit(run, 0)
  const { roles, values } = JSON.parse(run.stdout) as {
    roles: Record<string, string[]>
    values: Record<string, unknown>
  }
  assert.deepEqual(roles['prompt'], ['6.text'])
  assert.deepEqual(roles['mask'], [])
  assert.equal(values['cfg'], 6.2)
})

test('inspect of an image shows the settings that made it', async (t) => {
  await makeImage(t)
  const run = await comfyRun(t, ['inspect', 'fox.png'])
  assertExit(run, 0)
  assert.match(run.stdout, /^prompt +6\.text +"a fox"$/m)
  assert.match(run.stdout, /^seed +3\.seed +18446744073709551615$/m)
  assert.match(run.stdout, /^height +5\.height +96$/m)
})

test('an image is a workflow that can be run again', async (t) => {
  await makeImage(t)
  const args = ['txt2img', 'a cat', '-w', 'fox.png', '--server', 'embedded', '--name', 'cat', '--seed', '5']
  assertExit(await comfyRun(t, args), 0)
  assert.deepEqual(imagesIn(t, '.'), ['cat.png', 'fox.png'])
  const run = await comfyRun(t, ['inspect', 'cat.png'])
  assert.match(run.stdout, /^prompt +6\.text +"a cat"$/m)
  assert.match(run.stdout, /^steps +3\.steps +3$/m)
})

test('an image without metadata is refused', async (t) => {
  const input = 'data'
  const run = await comfyRun(t, ['inspect', '-'], { input })
  assertExit(run, 2)
  assert.match(run.stderr, /not JSON/)
})
