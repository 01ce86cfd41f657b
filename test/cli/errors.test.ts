import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

test('without a server: exit 4, one line and the hint', async (t) => {
  const run = await comfyRun(t, ['txt2img', 'a fox', '--server', 'http://127.0.0.1:1'])
  assertExit(run, 4)
  assert.match(run.stderr, /no ComfyUI at http:\/\/127\.0\.0\.1:1.*nothing listens there/)
  assert.match(run.stderr, /--server embedded/)
  assert.equal(run.stdout, '')
})

const wrongUses: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown option', ['txt2img', 'a fox', '--stpes', '3'], /unknown option '--stpes'[^]*--steps/],
  ['an unknown command', ['txt2imgs', 'a fox'], /unknown command 'txt2imgs'/],
  ['a missing prompt', ['txt2img'], /missing required argument 'prompt'/],
  ['a missing image', ['img2img', 'a fox'], /--image/],
  ['an unknown address', ['txt2img', 'a fox', '--set', 'KSampler.stpes=3'], /KSampler\.steps/],
  ['a value of the wrong kind', ['txt2img', 'a fox', '--steps', 'many'], /many/],
  ['a seed beyond 2^64-1', ['txt2img', 'a fox', '--seed', '18446744073709551616'], /18446744073709551616/],
  ['a wrong size', ['txt2img', 'a fox', '--size', '64'], /WIDTHxHEIGHT/],
  ['a missing workflow', ['txt2img', 'a fox', '-w', 'nothing.json'], /nothing\.json/],
  ['a missing jobs file', ['batch', 'nothing.csv'], /nothing\.csv/],
  ['an empty prompt', ['txt2img', ''], /empty/],
  ['an unknown name in a template', ['txt2img', 'a fox', '--name', '{sede}'], /\{seed\}|"seed"/],
]
for (const [name, args, message] of wrongUses) {
  test(`${name}: exit 2, nothing queued`, async (t) => {
    const server = await startRig(t)
    const run = await comfyRun(t, args, { env: { COMFY_RUN_SERVER: server.url } })
    assertExit(run, 2)
    assert.match(run.stderr, message)
    assert.equal(run.stdout, '')
    assert.equal(server.promptsRun, 0)
  })
}

test('broken JSON is shown where it breaks', async (t) => {
  await writeFile(join(folderOf(t), 'broken.json'), '{\n  "1": {"class_type": "X", "inputs": {}},,\n}')
  const run = await comfyRun(t, ['run', 'broken.json', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stderr, /--> broken\.json:2:42/)
})

test('a model that the server lacks: exit 5, what it has, and --model', async (t) => {
  const run = await comfyRun(t, [
    'txt2img',
    'a fox',
    '--model',
    'nothing.safetensors',
    '--server',
    'embedded',
  ])
  assertExit(run, 5)
  assert.match(run.stderr, /nothing\.safetensors/)
  assert.match(run.stderr, /sdXL_v10VAEFix\.safetensors/)
  assert.match(run.stderr, /--model/)
})

test('a node that fails: exit 1, the node and its words, no file', async (t) => {
  const args = [
    'txt2img',
    'a fox',
    '--size',
    '64x64',
    '--set',
    'prefix=../../outside',
    '--server',
    'embedded',
  ]
  const run = await comfyRun(t, [...args, '-o', 'out'])
  assertExit(run, 1)
  assert.match(run.stderr, /SaveImage[^]*failed/)
  assert.deepEqual(imagesIn(t, 'out'), [])
})

test('help exit-codes lists the codes', async (t) => {
  const run = await comfyRun(t, ['help', 'exit-codes'])
  assertExit(run, 0)
  for (const code of ['0', '1', '2', '3', '4', '5', '130', '143']) {
    assert.match(run.stdout, new RegExp(`^ +${code}  `, 'm'))
  }
})

test('secrets of the address and headers are never shown', async (t) => {
  const args = ['txt2img', 'a fox', '--server', 'http://me:hunter22@127.0.0.1:1', '--token', 'tok-12345']
  const run = await comfyRun(t, args)
  assertExit(run, 4)
  assert.doesNotMatch(run.stderr, /hunter22|tok-12345/)
})
