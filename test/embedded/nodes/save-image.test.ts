import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { readPngText } from '../../../src/protocol/png-text.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const picture = node('EmptyImage', { width: 6, height: 4, batch_size: 2, color: 0x5407f5 })

test('SaveImage: a file for each frame, the graph in its texts as Python writes it', async (t) => {
  const folders = await serverFolders(t)
  const save = {
    ...node('SaveImage', { images: ['a', 0], filename_prefix: 'x/%width%_%batch_num%' }),
    _meta: { title: 'gr\u00fc\u00df' },
  }
  const run = await runGraph({ a: picture, s: save }, folders, { workflow: { nodes: [1] }, custom: null })
  assert.deepEqual(run.results.get('s')?.ui, {
    images: [
      { filename: '6_0_00001_.png', subfolder: 'x', type: 'output' },
      { filename: '6_1_00002_.png', subfolder: 'x', type: 'output' },
    ],
  })
  const png = await readFile(join(folders.output, 'x', '6_1_00002_.png'))
  const { dominant } = await sharp(png).stats()
  assert.ok(dominant.r < 100 && dominant.b > 230)
  assert.deepEqual(Object.fromEntries(readPngText(png) ?? []), {
    prompt:
      '{"a": {"class_type": "EmptyImage", "inputs": {"width": 6, "height": 4, "batch_size": 2, "color": 5507061}}, ' +
      '"s": {"class_type": "SaveImage", "inputs": {"images": ["a", 0], "filename_prefix": "x/%width%_%batch_num%"}, "_meta": {"title": "gr\\u00fc\\u00df"}}}',
    workflow: '{"nodes": [1]}',
    custom: 'null',
  })
})

test('two saves with one prefix number on', async (t) => {
  const folders = await serverFolders(t)
  const save = node('SaveImage', { images: ['a', 0], filename_prefix: 'p' })
  await runGraph({ a: picture, s: save, again: save }, folders)
  assert.deepEqual(
    (await readdir(folders.output)).sort(),
    [1, 2, 3, 4].map((number) => `p_0000${number}_.png`),
  )
})

test('PreviewImage goes to the temp folder under a name of its own', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph({ a: picture, p: node('PreviewImage', { images: ['a', 0] }) }, folders)
  const shown = JSON.stringify(run.results.get('p')?.ui)
  assert.match(shown, /"filename":"ComfyUI_temp_[a-z]{5}_00001_\.png","subfolder":"","type":"temp"/)
  assert.equal((await readdir(folders.temp)).length, 2)
  assert.deepEqual(await readdir(folders.output), [])
})

test('SaveImageWebsocket sends PNGs and counts those before; no file, nothing for the page', async (t) => {
  const folders = await serverFolders(t)
  const run = await runGraph({ a: picture, w: node('SaveImageWebsocket', { images: ['a', 0] }) }, folders)
  assert.deepEqual(run.progress, [
    ['w', 0, 2],
    ['w', 1, 2],
  ])
  assert.equal((await sharp(run.sent[1]).metadata()).format, 'png')
  assert.equal(readPngText(run.sent[0] ?? Buffer.alloc(0))?.size, 0)
  assert.equal(run.results.get('w')?.ui, undefined)
})
