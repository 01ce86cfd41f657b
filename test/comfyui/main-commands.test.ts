import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import sharp from 'sharp'
import { readPngText } from '../../src/protocol/png-text.ts'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startComfyRun, type Finished } from '../rig/rig.ts'
import { checkpoint, queueLength, serverUrl } from './server.ts'

const small = ['--size', '64x64', '--steps', '3', '--sampler', 'euler', '--scheduler', 'normal', '-o', 'out']

async function run(t: TestContext, args: readonly string[]): Promise<Finished> {
  return comfyRun(t, [...args, '--server', serverUrl])
}

/** The arguments of a quick txt2img on this server. */
async function quick(...more: readonly string[]): Promise<string[]> {
  return ['txt2img', 'a fox', '--model', await checkpoint(), ...small, ...more]
}

async function chunk(t: TestContext, file: string, name: string): Promise<string> {
  return readPngText(await readFile(join(folderOf(t), file)))?.get(name) ?? ''
}

async function writeWorkflow(t: TestContext, name: string, graph: unknown): Promise<void> {
  await writeFile(join(folderOf(t), name), JSON.stringify(graph))
}

test('txt2img saves the image, with its metadata, and the previews', async (t) => {
  const result = await run(t, await quick('--seed', '7', '--save-previews'))
  assertExit(result, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['a-fox_7.png'])
  assert.equal(result.stdout.trim().split('\n').at(-1), join('out', 'a-fox_7.png'))
  const { width, height } = await sharp(join(folderOf(t), 'out/a-fox_7.png')).metadata()
  assert.deepEqual([width, height], [64, 64])
  assert.match(await chunk(t, 'out/a-fox_7.png', 'prompt'), /"seed": 7,/)
  assert.equal(imagesIn(t, 'out/previews').length, 3)
})

test('img2img uploads each image once and runs a job for each', async (t) => {
  for (const [name, background] of [
    ['red', '#f00'],
    ['blue', '#00f'],
  ] as const) {
    await sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toFile(join(folderOf(t), `${name}.png`))
  }
  const args = [
    'img2img',
    'a fox',
    '--image',
    'red.png',
    '--image',
    'blue.png',
    '--model',
    await checkpoint(),
  ]
  const result = await run(t, [
    ...args,
    '--steps',
    '2',
    '--sampler',
    'euler',
    '--name',
    'fox-{index}',
    '-o',
    'out',
    '--json',
  ])
  assertExit(result, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['fox-1.png', 'fox-2.png'])
  const uploads = result.stdout.split('\n').filter((line) => line.includes('"file-uploaded"'))
  assert.equal(uploads.length, 2)
})

test('a CSV of five rows gives five images', async (t) => {
  const rows = [
    'prompt,seed,name',
    'a fox,1,one',
    'a cat,2,two',
    '"a dog, asleep",3,three',
    'a cow,4,four',
    '1984,5,five',
  ]
  await writeFile(join(folderOf(t), 'shots.csv'), rows.join('\n'))
  const result = await run(t, ['batch', 'shots.csv', '--model', await checkpoint(), ...small])
  assertExit(result, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['five.png', 'four.png', 'one.png', 'three.png', 'two.png'])
  assert.match(await chunk(t, 'out/five.png', 'prompt'), /"text": "1984"/)
})

test('a graph that the server refuses is exit 5, and says why', async (t) => {
  const result = await run(t, await quick('--sampler', 'eulr'))
  assertExit(result, 5)
  assert.match(result.stderr, /sampler_name.*eulr/s)
  assert.match(result.stderr, /did you mean "euler"/)
  assert.deepEqual(imagesIn(t, 'out'), [])
})

test('a model that the server lacks is named with those that it has', async (t) => {
  const result = await run(t, ['txt2img', 'a fox', '--model', 'no-such-model.safetensors', ...small])
  assertExit(result, 5)
  assert.match(result.stderr, /no-such-model\.safetensors/)
  assert.ok(result.stderr.includes(await checkpoint()))
  assert.match(result.stderr, /--model/)
})

test('a node that raises is exit 1, with the node and its words', async (t) => {
  const result = await run(t, await quick('--set', 'SaveImage.filename_prefix=../outside'))
  assertExit(result, 1)
  assert.match(result.stderr, /SaveImage.*failed/s)
})

test("Ctrl-C stops the server's job", async (t) => {
  const { child, finished } = startComfyRun(t, [
    ...(await quick('--steps', '2000', '--json')),
    '--server',
    serverUrl,
  ])
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => {
      if (text.includes('"sampler-step"')) resolve()
    })
  })
  child.kill('SIGINT')
  assertExit(await finished, 130)
  for (let left = 50; (await queueLength()) > 0; left -= 1) {
    assert.ok(left > 0, 'the queue is not empty after 5 seconds')
    await delay(100)
  }
  assert.deepEqual(imagesIn(t, 'out'), [])
})

test('a graph with only a PreviewImage saves its image as the result', async (t) => {
  await writeWorkflow(t, 'preview.json', {
    1: { class_type: 'EmptyImage', inputs: { width: 32, height: 32, batch_size: 1, color: 255 } },
    2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
  })
  const result = await run(t, ['run', 'preview.json', '-o', 'out'])
  assertExit(result, 0)
  assert.equal(imagesIn(t, 'out').length, 1)
})

test('a cached rerun finishes with the same image under a new name', async (t) => {
  const args = await quick('--seed', '11', '--keep-prefix')
  assertExit(await run(t, args), 0)
  const again = await run(t, [...args, '--json'])
  assertExit(again, 0)
  assert.match(again.stdout, /"cached":true/)
  const [first, second] = imagesIn(t, 'out')
  assert.deepEqual([first, second], ['a-fox_11-2.png', 'a-fox_11.png'])
  assert.deepEqual(
    await readFile(join(folderOf(t), 'out', first!)),
    await readFile(join(folderOf(t), 'out', second!)),
  )
})

test('the largest seed, 2^64-1, arrives and comes back intact', async (t) => {
  const result = await run(t, await quick('--seed', '18446744073709551615'))
  assertExit(result, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['a-fox_18446744073709551615.png'])
  assert.match(
    await chunk(t, 'out/a-fox_18446744073709551615.png', 'prompt'),
    /"seed": 18446744073709551615[,}]/,
  )
})
