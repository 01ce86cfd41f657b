import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import { libraryNames } from '../../src/workflow/library.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

/** Where the flags belong: read off the graphs by a person. The first address of a role is enough for its value. */
const places: Readonly<Record<string, Readonly<Record<'prompt' | 'seed' | 'steps' | 'size', string>>>> = {
  controlnet: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  'flux-dev': { prompt: '6.text', seed: '25.noise_seed', steps: '17.steps', size: '5' },
  'flux-schnell': { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  'image-edit': { prompt: '6.prompt', seed: '3.seed', steps: '3.steps', size: '5' },
  img2img: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '13' },
  inpaint: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '13' },
  outpaint: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '13' },
  'qwen-image': { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  sd15: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  sd35: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  sdxl: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  'sdxl-refiner': { prompt: '6.text 16.text', seed: '3.noise_seed', steps: '21.steps', size: '5' },
  txt2img: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
  upscale: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '13' },
  video: { prompt: '6.text', seed: '3.seed', steps: '3.steps', size: '5' },
}
const startsFromImage = new Set(['controlnet', 'image-edit', 'img2img', 'inpaint', 'outpaint', 'upscale'])

/** The graph of the one prompt that a server has run. */
async function received(url: string): Promise<ApiGraph> {
  const history = (await (await fetch(`${url}/history`)).json()) as Record<string, { prompt: unknown[] }>
  const [entry, ...others] = Object.values(history)
  assert.equal(others.length, 0)
  return entry?.prompt[2] as ApiGraph
}

test('every workflow that comes with us is in the table', async () => {
  assert.deepEqual(Object.keys(places).sort(), await libraryNames())
})

for (const [name, { prompt, seed, steps, size }] of Object.entries(places)) {
  test(`${name}: the same flags set the right inputs of what the server gets, and a file comes of it`, async (t) => {
    const server = await startRig(t)
    const picture = { create: { width: 64, height: 64, channels: 3, background: '#888' } } as const
    await writeFile(join(folderOf(t), 'in.png'), await sharp(picture).png().toBuffer())
    const images = startsFromImage.has(name) ? ['--image', 'in.png'] : []
    const mask = name === 'inpaint' ? ['--mask', 'in.png'] : []
    const flags = ['--seed', '77', '--steps', '3', '--width', '128', '--height', '96', ...images, ...mask]
    const command = images.length > 0 ? ['run', name, '--prompt'] : ['txt2img', '--workflow', name]
    const run = await comfyRun(t, [...command, 'a lighthouse', ...flags, '-o', 'out', '--server', server.url])
    assertExit(run, 0)
    const graph = await received(server.url)
    const at = (address: string): unknown => {
      const [node = '', input = ''] = address.split('.')
      return graph[node]?.inputs[input]
    }
    for (const address of prompt.split(' ')) assert.equal(at(address), 'a lighthouse')
    assert.deepEqual([at(seed), at(steps), at(`${size}.width`), at(`${size}.height`)], [77, 3, 128, 96])
    assert.equal(imagesIn(t, 'out').length, 1)
  })
}

test('workflows lists them with what each needs', async (t) => {
  const text = await comfyRun(t, ['workflows'])
  assertExit(text, 0)
  assert.match(
    text.stdout,
    /^sdxl-refiner +Stable Diffusion XL, .*\n +checkpoints\/sd_xl_base_1\.0\.safetensors$/m,
  )
  const json = await comfyRun(t, ['workflows', '--json'])
  const { workflows } = JSON.parse(json.stdout) as { workflows: { name: string; models: object[] }[] }
  assert.deepEqual(
    workflows.map(({ name }) => name),
    Object.keys(places).sort(),
  )
})

test('rows name them, too', async (t) => {
  const server = await startRig(t)
  await writeFile(
    join(folderOf(t), 'shots.csv'),
    'prompt,workflow,steps\na fox,sd15,1\na cat,flux-schnell,1\n',
  )
  const run = await comfyRun(t, [
    'batch',
    'shots.csv',
    '--size',
    '64x64',
    '-o',
    'out',
    '--server',
    server.url,
  ])
  assertExit(run, 0)
  assert.equal(server.promptsRun, 2)
})

test('a model that the server lacks comes with where to get it', async (t) => {
  const info = {
    CheckpointLoaderSimple: { input: { required: { ckpt_name: [[]] } }, output: ['MODEL', 'CLIP', 'VAE'] },
  }
  await writeFile(join(folderOf(t), 'info.json'), JSON.stringify(info))
  const run = await comfyRun(t, ['check', 'sd15', '--object-info', 'info.json'])
  assertExit(run, 5)
  assert.match(
    run.stdout,
    /hint: download https:\/\/huggingface\.co\/.* into models\/checkpoints of the server/,
  )
})
