import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import sharp from 'sharp'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun } from '../rig/rig.ts'

/** Two images, the second of which is blended over the first. */
const blend = {
  1: { class_type: 'LoadImage', inputs: { image: 'a.png' }, _meta: { title: 'Below' } },
  2: { class_type: 'LoadImage', inputs: { image: 'b.png' }, _meta: { title: 'Above' } },
  3: {
    class_type: 'ImageBlend',
    inputs: { image1: ['1', 0], image2: ['2', 0], blend_factor: 1, blend_mode: 'normal' },
  },
  4: { class_type: 'SaveImage', inputs: { filename_prefix: 'x', images: ['3', 0] } },
}

async function prepare(t: TestContext): Promise<void> {
  await writeFile(join(folderOf(t), 'blend.json'), JSON.stringify(blend))
  for (const background of ['red', 'blue']) {
    await sharp({ create: { width: 32, height: 32, channels: 3, background } })
      .png()
      .toFile(join(folderOf(t), `${background}.png`))
  }
}

/** The colour of an image's first pixel. */
async function colour(t: TestContext, name: string): Promise<number[]> {
  const { data } = await sharp(join(folderOf(t), name))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data.subarray(0, 3)]
}

const quick = ['--server', 'embedded', '--out', 'out'] as const

test('--image2 is the second image that the workflow uses', async (t) => {
  await prepare(t)
  const files = ['--image', 'red.png', '--image2', 'blue.png']
  assertExit(await comfyRun(t, ['run', 'blend.json', ...files, '--name', 'x', ...quick]), 0)
  assert.deepEqual(await colour(t, 'out/x.png'), [0, 0, 255])
})

test('a column image2, and images by the title of their node', async (t) => {
  await prepare(t)
  await writeFile(join(folderOf(t), 'jobs.csv'), 'image,image2\nred.png,blue.png\nblue.png,red.png\n')
  assertExit(await comfyRun(t, ['batch', 'jobs.csv', '-w', 'blend.json', '--name', '{image2}', ...quick]), 0)
  assert.deepEqual(
    [await colour(t, 'out/blue.png'), await colour(t, 'out/red.png')],
    [
      [0, 0, 255],
      [255, 0, 0],
    ],
  )
  const titled = ['--set', '@Below.image=@blue.png', '--set', '@Above.image=@red.png']
  assertExit(await comfyRun(t, ['run', 'blend.json', ...titled, '--name', 'y', ...quick]), 0)
  assert.deepEqual(await colour(t, 'out/y.png'), [255, 0, 0])
})

test('a file that the workflow has no place for is refused', async (t) => {
  await prepare(t)
  const run = await comfyRun(t, ['run', 'blend.json', '--image3', 'red.png', ...quick])
  assertExit(run, 2)
  assert.match(run.stderr, /has no "image3": the workflow does not load 3 images/)
})
