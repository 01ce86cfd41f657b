import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { parseJson, stringifyJson, type JsonObject, type JsonValue } from '../../src/protocol/json.ts'
import { readPngText, withPngText } from '../../src/protocol/png-text.ts'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'
import { uiGraph, type NodeSpec } from '../workflow/convert/helpers.ts'

/** A classic graph as the page saves it, with a note, a primitive for the steps and a bypassed node that scales. */
const nodes: Record<string, NodeSpec> = {
  1: { type: 'PrimitiveNode', values: [4, 'fixed'] },
  2: { type: 'Note', values: ['made by hand'] },
  3: {
    type: 'KSampler',
    values: [18446744073709551615n, 'randomize', 20, 7, 'euler', 'normal', 1],
    in: {
      model: ['MODEL', 1],
      positive: ['CONDITIONING', 2],
      negative: ['CONDITIONING', 3],
      latent_image: ['LATENT', 4],
      '*steps': ['INT', 9],
    },
  },
  4: { type: 'CheckpointLoaderSimple', values: ['sdXL_v10VAEFix.safetensors'] },
  5: { type: 'EmptyLatentImage', values: [64, 96, 1] },
  6: { type: 'CLIPTextEncode', values: ['a fox'], in: { clip: ['CLIP', 5] }, title: 'Positive' },
  7: { type: 'CLIPTextEncode', values: ['blurry'], in: { clip: ['CLIP', 5] } },
  8: { type: 'VAEDecode', in: { samples: ['LATENT', 6], vae: ['VAE', 7] } },
  9: { type: 'SaveImage', values: ['fox'], in: { images: ['IMAGE', 8] } },
  10: { type: 'ImageScale', mode: 4, in: { image: ['IMAGE', 10] }, out: ['IMAGE'] },
}
const graph = uiGraph(nodes, [
  [1, 4, 0, 3, 0],
  [2, 6, 0, 3, 1],
  [3, 7, 0, 3, 2],
  [4, 5, 0, 3, 3],
  [5, 4, 1, 6, 0],
  [6, 3, 0, 8, 0],
  [7, 4, 2, 8, 1],
  [8, 10, 0, 9, 0],
  [9, 1, 0, 3, 4],
  [10, 8, 0, 10, 0],
])
const page = stringifyJson(graph)

const sampler = {
  seed: 18446744073709551615n,
  steps: 4,
  cfg: 7,
  sampler_name: 'euler',
  scheduler: 'normal',
  denoise: 1,
  model: ['4', 0],
  positive: ['6', 0],
  negative: ['7', 0],
  latent_image: ['5', 0],
}

async function put(t: TestContext, name: string, content: string | Buffer = page): Promise<void> {
  await writeFile(join(folderOf(t), name), content)
}

async function saveObjectInfo(t: TestContext): Promise<void> {
  const args = ['doctor', '--server', 'embedded', '--save-object-info', 'info.json']
  assertExit(await comfyRun(t, args), 0)
}

/** A value inside a JSON text, by its keys. */
function within(text: string, ...keys: readonly string[]): unknown {
  return keys.reduce<JsonValue>((value, key) => (value as JsonObject)[key] ?? null, parseJson(text))
}

test('convert writes what the page would send, to stdout or to a file', async (t) => {
  await put(t, 'page.json')
  await saveObjectInfo(t)
  const run = await comfyRun(t, ['convert', 'page.json', '--object-info', 'info.json'])
  assertExit(run, 0)
  assert.equal(run.stderr, '')
  assert.deepEqual(Object.keys(parseJson(run.stdout) as JsonObject), ['3', '4', '5', '6', '7', '8', '9'])
  assert.deepEqual(within(run.stdout, '3', 'inputs'), sampler)
  assert.deepEqual(within(run.stdout, '9', 'inputs', 'images'), ['8', 0])
  assert.equal(within(run.stdout, '6', '_meta', 'title'), 'Positive')

  const saved = await comfyRun(t, ['convert', '-', '--server', 'embedded', '-o', 'api.json'], { input: page })
  assertExit(saved, 0)
  assert.equal(saved.stdout, '')
  assert.equal(await readFile(join(folderOf(t), 'api.json'), 'utf8'), run.stdout)

  const env = { COMFY_RUN_SERVER: 'http://127.0.0.1:9' }
  const again = await comfyRun(t, ['convert', 'api.json'], { env })
  assert.equal(again.stdout, run.stdout)
})

test('a node that the server lacks is named: exit 5', async (t) => {
  await put(t, 'page.json', stringifyJson(uiGraph({ ...nodes, 11: { type: 'KSamplr', title: 'Second' } })))
  for (const command of ['convert', 'inspect', 'check', 'run']) {
    const run = await comfyRun(t, [command, 'page.json', '--server', 'embedded'])
    assertExit(run, 5)
    const said = run.stdout + run.stderr
    assert.match(
      said,
      /page\.json can't be converted: the server lacks the node class "KSamplr" +\[missing-node\]/,
    )
    assert.match(said, /node 11 "Second" \(KSamplr\): .* did you mean "KSampler"\?/)
  }
})

test('without a server and without --object-info: an error that says what to do', async (t) => {
  await put(t, 'page.json')
  const env = { COMFY_RUN_SERVER: 'http://127.0.0.1:9' }
  const run = await comfyRun(t, ['inspect', 'page.json'], { env })
  assertExit(run, 4)
  assert.match(run.stderr, /no ComfyUI at http:\/\/127\.0\.0\.1:9/)
  assert.match(run.stderr, /--object-info FILE/)
})

test('run takes it; the image holds the graph of the page and what was run', async (t) => {
  await put(t, 'page.json')
  const args = [
    'run',
    'page.json',
    '--prompt',
    'a cat',
    '--seed',
    '5',
    '--server',
    'embedded',
    '--name',
    'cat',
  ]
  assertExit(await comfyRun(t, args), 0)
  const texts = readPngText(await readFile(join(folderOf(t), 'cat.png')))
  const sent = texts?.get('prompt') ?? ''
  assert.deepEqual(within(sent, '3', 'inputs'), { ...sampler, seed: 5 })
  assert.equal(within(sent, '6', 'inputs', 'text'), 'a cat')
  assert.deepEqual(parseJson(texts?.get('workflow') ?? ''), graph)
})

test('so do txt2img, an image that holds nothing else, and the column workflow of a batch, planned offline', async (t) => {
  const plain = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
  await put(t, 'page.json')
  await put(t, 'page.png', withPngText(await plain.png().toBuffer(), { workflow: page }))
  await put(t, 'jobs.csv', 'prompt,workflow\na cat,page.json\na dog,page.png\n')
  await saveObjectInfo(t)
  const env = { COMFY_RUN_SERVER: 'http://127.0.0.1:9' }
  const info = ['--object-info', 'info.json']
  for (const args of [
    ['txt2img', 'a cat', '-w', 'page.png', '--dry-run', ...info],
    ['plan', 'jobs.csv', '--json', ...info],
  ]) {
    const run = await comfyRun(t, args, { env })
    assertExit(run, 0)
    assert.match(run.stdout, /a[_ ]cat/)
  }
  const batch = await comfyRun(t, ['batch', 'jobs.csv', '--out', 'out', '--server', 'embedded'])
  assertExit(batch, 0)
  assert.equal(batch.stdout.trim().split('\n').length, 2)
})

test('a row whose graph can not be converted is shown with its place', async (t) => {
  await put(t, 'empty.json', '{"nodes": [], "links": []}')
  await put(t, 'jobs.csv', 'prompt,workflow\na cat,empty.json\n')
  const run = await comfyRun(t, ['batch', 'jobs.csv', '--server', 'embedded'])
  assertExit(run, 2)
  assert.match(run.stderr, /no node that would be run/)
  assert.match(run.stderr, /jobs\.csv:2:7/)
})

test('a batch of a graph of the page goes on where it stopped', async (t) => {
  await put(
    t,
    'page.json',
    page.replace('"fox"', '"%date:yyyy-MM-dd%"').replace('"a fox"', '"a {fox|cat|dog|hen}"'),
  )
  await put(t, 'jobs.csv', 'steps\n2\n3\n')
  const server = await startRig(t)
  const args = ['batch', 'jobs.csv', '-w', 'page.json', '--server', server.url, '--out', 'out']
  assertExit(await comfyRun(t, args), 0)
  assertExit(await comfyRun(t, args), 0)
  assert.equal(server.promptsRun, 2)
})
