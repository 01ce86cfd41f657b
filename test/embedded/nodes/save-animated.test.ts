import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { pngChunks } from '../../../src/protocol/png-chunks.ts'
import { readWebpText } from '../../../src/protocol/webp-text.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const film = {
  a: node('EmptyImage', { width: 6, height: 4, batch_size: 1, color: 0xff0000 }),
  b: node('EmptyImage', { width: 6, height: 4, batch_size: 1, color: 0x0000ff }),
  c: node('ImageBatch', { image1: ['a', 0], image2: ['b', 0] }),
}

test('SaveAnimatedWEBP: moving, with the graph in its metadata', async (t) => {
  const folders = await serverFolders(t)
  const save = node('SaveAnimatedWEBP', {
    images: ['c', 0],
    filename_prefix: 'm',
    fps: 8,
    lossless: true,
    quality: 80,
    method: 'default',
  })
  const run = await runGraph({ ...film, s: save }, folders)
  assert.deepEqual(run.results.get('s')?.ui, {
    images: [{ filename: 'm_00001_.webp', subfolder: '', type: 'output' }],
    animated: [true],
  })
  const bytes = await readFile(join(folders.output, 'm_00001_.webp'))
  const { pages, delay } = await sharp(bytes).metadata()
  assert.deepEqual([pages, delay], [2, [125, 125]])
  assert.match(readWebpText(bytes)?.get('prompt') ?? '', /SaveAnimatedWEBP/)
})

test('SaveAnimatedPNG: numbered frames, the first one for everybody', async (t) => {
  const folders = await serverFolders(t)
  const save = node('SaveAnimatedPNG', { images: ['c', 0], filename_prefix: 'm', fps: 8, compress_level: 4 })
  const run = await runGraph(
    { ...film, s: save, one: { ...save, inputs: { ...save.inputs, images: ['a', 0] } } },
    folders,
  )
  assert.deepEqual(run.results.get('one')?.ui?.animated, [false])
  const bytes = await readFile(join(folders.output, 'm_00001_.png'))
  const chunks = [...pngChunks(bytes)]
  assert.deepEqual(
    chunks.map(({ type }) => type),
    ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'comf', 'IEND'],
  )
  const controls = chunks
    .filter(({ type }) => type === 'fcTL' || type === 'fdAT')
    .map(({ data }) => data.readUInt32BE(0))
  assert.deepEqual(controls, [0, 1, 2])
  assert.equal(chunks[2]?.data.readUInt16BE(20), 125)
  assert.deepEqual([...(await sharp(bytes).raw().toBuffer()).subarray(0, 3)], [255, 0, 0])
})
