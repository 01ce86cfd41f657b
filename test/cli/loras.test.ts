import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

const quick = [
  '--server',
  'embedded',
  '--steps',
  '2',
  '--size',
  '64x64',
  '--name',
  '{index}',
  '--out',
  'out',
] as const

/** The LoRAs of the graph that an image was made by. */
async function loras(t: TestContext, image: string): Promise<string[]> {
  const run = await comfyRun(t, ['inspect', image, '--json'])
  assertExit(run, 0)
  const { inputs } = JSON.parse(run.stdout) as { inputs: { address: string; value: unknown }[] }
  return inputs
    .filter(({ address }) => /\.(?:lora_name|strength_)/.test(address))
    .map(({ value }) => String(value))
}

test('--lora puts LoRAs into the graph that the server gets', async (t) => {
  const wanted = ['--lora', 'detail.safetensors:0.5', '--lora', 'styles/watercolor.safetensors']
  assertExit(await comfyRun(t, ['txt2img', 'a fox', ...wanted, ...quick]), 0)
  assert.deepEqual(
    await loras(t, 'out/1.png'),
    'detail.safetensors 0.5 0.5 styles/watercolor.safetensors 1 1'.split(' '),
  )
})

test('a column lora is for its row, the option for rows without one', async (t) => {
  await writeFile(join(folderOf(t), 'jobs.csv'), 'prompt,lora\na fox,detail.safetensors:2\na wolf,\n')
  const run = await comfyRun(t, ['batch', 'jobs.csv', '--lora', 'styles/watercolor.safetensors', ...quick])
  assertExit(run, 0)
  assert.deepEqual(await loras(t, 'out/1.png'), ['detail.safetensors', '2', '2'])
  assert.deepEqual(await loras(t, 'out/2.png'), ['styles/watercolor.safetensors', '1', '1'])
})

test('what is no LoRA is refused before anything runs', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--lora', 'ink:strong', ...quick])
  assertExit(run, 2)
  assert.match(run.stderr, /a LoRA is NAME or NAME:STRENGTH, not "ink:strong"/)
})
