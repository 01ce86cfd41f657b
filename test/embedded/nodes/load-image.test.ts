import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { nodeInfo } from '../../../src/embedded/node-info.ts'
import { NodeError, type Folders } from '../../../src/embedded/node.ts'
import { nodeTable } from '../../../src/embedded/nodes/table.ts'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { imageOf, node, reds } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const loader = nodeTable.get('LoadImage')

async function png(width: number, height: number, alpha?: number): Promise<Buffer> {
  const background = { r: 10, g: 20, b: 30, alpha: alpha ?? 1 }
  return sharp({ create: { width, height, channels: alpha === undefined ? 3 : 4, background } })
    .png()
    .toBuffer()
}

async function load(folders: Folders, image: string) {
  const run = await runGraph({ a: node('LoadImage', { image }) }, folders)
  return { image: imageOf(run, 'a'), mask: linked('mask', run.results.get('a')?.outputs[1]) }
}

test('the list has the images of the input folder itself, sorted', async (t) => {
  const folders = await serverFolders(t)
  await mkdir(join(folders.input, 'sub'))
  for (const name of ['b.png', 'a.JPG', 'notes.txt', 'sub/c.png'])
    await writeFile(join(folders.input, name), '')
  assert.ok(loader)
  assert.deepEqual(nodeInfo(loader, folders).input.required?.image, [
    ['a.JPG', 'b.png'],
    { image_upload: true },
  ])
})

test('files of other folders and of subfolders are named by the graph', async (t) => {
  const folders = await serverFolders(t)
  await mkdir(join(folders.input, 'sub'))
  await writeFile(join(folders.input, 'sub', 'a.png'), await png(3, 2))
  await writeFile(join(folders.output, 'b.png'), await png(5, 4))
  const sizes = []
  for (const name of ['sub/a.png', 'sub/a.png [input]', 'b.png [output]']) {
    const [frame] = (await load(folders, name)).image.frames
    sizes.push(`${frame?.width}x${frame?.height}`)
  }
  assert.deepEqual(sizes, ['3x2', '3x2', '5x4'])
})

test('validation refuses what is not there and what lies outside', async (t) => {
  const folders = await serverFolders(t)
  await writeFile(join(folders.input, 'a.png'), '')
  await writeFile(join(folders.input, '..', 'secret.png'), '')
  const reason = (image: string) => loader?.validate?.run({ image }, folders)
  assert.equal(reason('a.png'), undefined)
  assert.equal(reason('b.png'), 'Invalid image file: b.png')
  assert.equal(reason('../secret.png'), 'Invalid image file: ../secret.png')
  assert.equal(reason(''), 'Invalid image file: ')
})

test('what is transparent is inside of the mask; without transparency the mask is small and empty', async (t) => {
  const folders = await serverFolders(t)
  await writeFile(join(folders.input, 'half.png'), await png(3, 2, 0.5))
  await writeFile(join(folders.input, 'full.png'), await png(3, 2))
  const [half, full] = [await load(folders, 'half.png'), await load(folders, 'full.png')]
  assert.deepEqual([half.image.frames[0]?.channels, half.mask.frames[0]?.data[0]], [3, 127])
  const [mask] = full.mask.frames
  assert.deepEqual([mask?.width, mask?.height, mask?.data.every((value) => value === 0)], [64, 64, true])
})

test('an animation gives a frame for each picture', async (t) => {
  const folders = await serverFolders(t)
  const data = Buffer.concat([0, 100, 200].map((value) => Buffer.alloc(4 * 4 * 3, value)))
  const raw = { width: 4, height: 12, channels: 3 as const, pageHeight: 4 }
  await sharp(data, { raw }).webp({ lossless: true }).toFile(join(folders.input, 'a.webp'))
  const { frames } = (await load(folders, 'a.webp')).image
  assert.deepEqual(
    frames.map((frame) => [frame.height, reds(frame)[0]?.[0]]),
    [
      [4, 0],
      [4, 100],
      [4, 200],
    ],
  )
})

test('a picture is turned upright', async (t) => {
  const folders = await serverFolders(t)
  const jpeg = await sharp(await png(6, 2))
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  await writeFile(join(folders.input, 'a.jpg'), jpeg)
  const [frame] = (await load(folders, 'a.jpg')).image.frames
  assert.deepEqual([frame?.width, frame?.height], [2, 6])
})

test('a cut off PNG gives what is there', async (t) => {
  const folders = await serverFolders(t)
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
  const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#000', noise } })
    .png()
    .toBuffer()
  await writeFile(join(folders.input, 'a.png'), whole.subarray(0, whole.length / 2))
  assert.equal((await load(folders, 'a.png')).image.frames[0]?.width, 64)
})

for (const [bytes, type, message] of [
  ['no image', 'PIL.UnidentifiedImageError', "cannot identify image file 'FILE'"],
  ['', 'av.error.InvalidDataError', "[Errno 1094995529] Invalid data found when processing input: 'FILE'"],
] as const) {
  test(`a file of '${bytes}' fails with ${type}`, async (t) => {
    const folders = await serverFolders(t)
    const file = join(folders.input, 'a.png')
    await writeFile(file, bytes)
    await assert.rejects(load(folders, 'a.png'), (error) => {
      assert.ok(error instanceof NodeError)
      assert.deepEqual([error.exceptionType, error.message], [type, message.replace('FILE', file)])
      return true
    })
  })
}

test('a changed file has another fingerprint', async (t) => {
  const folders = await serverFolders(t)
  const print = () => loader?.fingerprint?.({ image: 'a.png' }, folders)
  await writeFile(join(folders.input, 'a.png'), 'one')
  const before = print()
  assert.equal(print(), before)
  await writeFile(join(folders.input, 'a.png'), 'two')
  assert.notEqual(print(), before)
})

test('LoadImageMask takes a channel; alpha is turned round, and nothing where there is none', async (t) => {
  const folders = await serverFolders(t)
  await writeFile(join(folders.input, 'half.png'), await png(3, 2, 0.5))
  await writeFile(join(folders.input, 'full.png'), await png(3, 2))
  const value = async (image: string, channel: string) => {
    const run = await runGraph({ a: node('LoadImageMask', { image, channel }) }, folders)
    const [frame] = linked('mask', run.results.get('a')?.outputs[0]).frames
    return [frame?.width, frame?.data[0]]
  }
  assert.deepEqual(
    [await value('half.png', 'green'), await value('half.png', 'alpha'), await value('full.png', 'alpha')],
    [
      [3, 20],
      [3, 127],
      [3, 0],
    ],
  )
})
