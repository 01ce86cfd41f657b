import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { imagesIn } from '../rig/images.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

async function picture(t: TestContext, name: string, background: string): Promise<void> {
  await sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .png()
    .toFile(join(folderOf(t), name))
}

test('a folder of three images is three jobs, in order', async (t) => {
  const server = await startRig(t)
  await mkdir(join(folderOf(t), 'photos'))
  for (const color of ['red', 'green', 'blue']) await picture(t, `photos/${color}.png`, color)
  const args = ['img2img', 'in watercolour', '--image', 'photos', '--server', server.url, '-o', 'out']
  const run = await comfyRun(t, [...args, '--name', '{index}'])
  assertExit(run, 0)
  assert.deepEqual(imagesIn(t, 'out'), ['1.png', '2.png', '3.png'])
  const { width, height } = await sharp(join(folderOf(t), 'out/1.png')).metadata()
  assert.deepEqual([width, height], [64, 48])
})

test('equal files are uploaded once', async (t) => {
  const server = await startRig(t)
  await picture(t, 'a.png', 'red')
  await picture(t, 'b.png', 'red')
  const args = ['img2img', 'a fox', '--image', 'a.png', '--image', 'b.png', '--server', server.url, '--json']
  const run = await comfyRun(t, args)
  assertExit(run, 0)
  assert.equal(run.stdout.split('"file-uploaded"').length - 1, 1)
  assert.equal(run.stdout.split('"kind":"output"').length - 1, 2)
})

test('--mask inpaints', async (t) => {
  const server = await startRig(t)
  await picture(t, 'photo.png', 'red')
  await picture(t, 'mask.png', 'white')
  const args = ['img2img', 'a fox', '--image', 'photo.png', '--mask', 'mask.png', '--name', 'fox']
  const run = await comfyRun(t, [...args, '--server', server.url])
  assertExit(run, 0)
  assert.ok(imagesIn(t, '.').includes('fox.png'))
})

test('a file that is no image is refused before anything is queued', async (t) => {
  const server = await startRig(t)
  await writeFile(join(folderOf(t), 'photo.png'), 'not an image')
  const run = await comfyRun(t, ['img2img', 'a fox', '--image', 'photo.png', '--server', server.url])
  assertExit(run, 2)
  assert.match(run.stderr, /photo\.png/)
  assert.match(run.stderr, /\[not-an-image\]/)
  assert.equal(server.promptsRun, 0)
})
