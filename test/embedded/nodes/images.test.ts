import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NodeError } from '../../../src/embedded/node.ts'
import { imageOf, node, reds } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

const black = node('EmptyImage', { width: 8, height: 4, batch_size: 2, color: 0 })
const red = node('EmptyImage', { width: 4, height: 4, batch_size: 1, color: 0xc80000 })

function sizes(frames: ReadonlyArray<{ width: number; height: number }>): string[] {
  return frames.map(({ width, height }) => `${width}x${height}`)
}

test('EmptyImage: so many frames of one colour', async (t) => {
  const run = await runGraph(
    { a: node('EmptyImage', { width: 2, height: 1, batch_size: 3, color: 0x123456 }) },
    await serverFolders(t),
  )
  const { frames } = imageOf(run, 'a')
  assert.deepEqual(
    frames.map(({ data }) => data.toString('hex')),
    Array.from({ length: 3 }, () => '123456123456'),
  )
})

test('EmptyImage: what no memory holds fails as on a CPU', async (t) => {
  const graph = { a: node('EmptyImage', { width: 16384, height: 16384, batch_size: 4096, color: 1 }) }
  await assert.rejects(runGraph(graph, await serverFolders(t)), (error) => {
    assert.ok(error instanceof NodeError)
    assert.equal(error.exceptionType, 'RuntimeError')
    assert.match(error.message, /you tried to allocate 4398046511104 bytes\. Error code 12/)
    return true
  })
})

test('ImageScale: stretched, cut in the middle, or by one side', async (t) => {
  const scale = (inputs: Record<string, number | string>) =>
    node('ImageScale', {
      image: ['a', 0],
      upscale_method: 'bilinear',
      width: 0,
      height: 0,
      crop: 'disabled',
      ...inputs,
    })
  const run = await runGraph(
    {
      a: black,
      none: scale({}),
      both: scale({ width: 3, height: 9 }),
      one: scale({ width: 16 }),
      center: scale({ width: 2, height: 2, crop: 'center' }),
    },
    await serverFolders(t),
  )
  const found = ['none', 'both', 'one', 'center'].map((id) => sizes(imageOf(run, id).frames)[1])
  assert.deepEqual(found, ['8x4', '3x9', '16x8', '2x2'])
})

test('ImageScaleBy and ImageScaleToTotalPixels', async (t) => {
  const run = await runGraph(
    {
      a: black,
      by: node('ImageScaleBy', { image: ['a', 0], upscale_method: 'area', scale_by: 1.5 }),
      total: node('ImageScaleToTotalPixels', {
        image: ['a', 0],
        upscale_method: 'area',
        megapixels: 0.02,
        resolution_steps: 16,
      }),
    },
    await serverFolders(t),
  )
  assert.deepEqual(
    [sizes(imageOf(run, 'by').frames)[0], sizes(imageOf(run, 'total').frames)[0]],
    ['12x6', '208x96'],
  )
})

test('ImageBatch: the second image takes the size of the first', async (t) => {
  const run = await runGraph(
    { a: black, b: red, c: node('ImageBatch', { image1: ['a', 0], image2: ['b', 0] }) },
    await serverFolders(t),
  )
  const { frames } = imageOf(run, 'c')
  assert.deepEqual(sizes(frames), ['8x4', '8x4', '8x4'])
  assert.deepEqual(
    frames.map((frame) => reds(frame)[3]?.[7]),
    [0, 0, 200],
  )
})

test('ImageInvert and ImageBlend', async (t) => {
  const run = await runGraph(
    {
      a: black,
      b: red,
      white: node('ImageInvert', { image: ['a', 0] }),
      c: node('ImageBlend', {
        image1: ['white', 0],
        image2: ['b', 0],
        blend_factor: 0.5,
        blend_mode: 'multiply',
      }),
    },
    await serverFolders(t),
  )
  assert.equal(
    imageOf(run, 'white').frames[1]?.data.every((value) => value === 255),
    true,
  )
  assert.deepEqual([...(imageOf(run, 'c').frames[1]?.data.subarray(0, 3) ?? [])], [227, 127, 127])
})

test('ImageCrop: what lies outside is left out', async (t) => {
  const crop = (x: number, y: number) => node('ImageCrop', { image: ['a', 0], width: 5, height: 100, x, y })
  const run = await runGraph(
    { a: black, inside: crop(1, 1), outside: crop(100, 100) },
    await serverFolders(t),
  )
  assert.deepEqual(
    [sizes(imageOf(run, 'inside').frames)[0], sizes(imageOf(run, 'outside').frames)[0]],
    ['5x3', '1x1'],
  )
})

for (const [value, type, message] of [
  [null, 'TypeError', "'NoneType' object is not subscriptable"],
  ['4', 'AttributeError', "'str' object has no attribute 'shape'"],
  [5, 'TypeError', "'int' object is not subscriptable"],
] as const) {
  test(`${value} where an image belongs fails while running, as in Python`, async (t) => {
    const graph = { s: { class_type: 'SaveImage', inputs: { images: value, filename_prefix: 'x' } } }
    await assert.rejects(runGraph(graph, await serverFolders(t)), (error) => {
      assert.ok(error instanceof NodeError)
      assert.deepEqual([error.exceptionType, error.message], [type, message])
      return true
    })
  })
}
