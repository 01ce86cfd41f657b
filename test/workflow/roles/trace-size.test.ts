import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import {
  samplersBefore,
  sizeBeside,
  traceBatch,
  traceFrames,
  traceSize,
} from '../../../src/workflow/roles/trace-size.ts'
import { addresses, graph, ref } from '../helpers.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject, string?]>>

function graphOf(nodes: Nodes): RoleGraph {
  const sampler: Nodes = {
    1: ['KSampler', { latent_image: ['2', 0] }],
    9: ['SaveImage', { images: ['1', 0] }],
  }
  return new RoleGraph(graph({ ...sampler, ...nodes }))
}

/** Width and height of what sampler 1 starts from. */
function size(nodes: Nodes, ...samplers: string[]): string {
  const found = (axis: 'width' | 'height') =>
    traceSize(graphOf(nodes), ref('1.latent_image'), axis, new Set(['1', ...samplers]))
  return `${addresses(found('width').inputs)} x ${addresses(found('height').inputs)}`
}

const photo: readonly [string, JsonObject] = ['LoadImage', { image: 'photo.png' }]
const empty: readonly [string, JsonObject] = ['EmptyLatentImage', { width: 64, height: 64, batch_size: 3 }]

test('an empty latent has a size, and it may come from primitives', () => {
  const nodes: Nodes = {
    2: ['RepeatLatentBatch', { amount: 2, samples: ['3', 0] }],
    3: ['EmptySD3LatentImage', { width: ['4', 0], height: 64, batch_size: 1 }],
    4: ['PrimitiveInt', { value: 64 }],
  }
  assert.equal(size(nodes), '4.value x 3.height')
})

test('an image that is encoded has the size that it is scaled to, however scaling names it', () => {
  for (const [classType, width, height] of [
    ['ImageScale', 'width', 'height'],
    ['ResizeAndPadImage', 'target_width', 'target_height'],
    ['ResizeImageMaskNode', 'resize_type.width', 'resize_type.height'],
  ] as const) {
    const nodes: Nodes = {
      2: ['VAEEncode', { pixels: ['3', 0], vae: ['8', 2] }],
      3: ['ImageScaleBy', { scale_by: 0.5, image: ['5', 0] }],
      4: photo,
      5: [classType, { [width]: 64, [height]: 64, image: ['4', 0] }],
    }
    assert.equal(size(nodes), `5.${width} x 5.${height}`)
  }
})

test('a size that the image brings, or is fitted to, is computed', () => {
  const from = (node: readonly [string, JsonObject]) =>
    traceSize(
      graphOf({ 2: ['VAEEncode', { pixels: ['3', 0] }], 3: node, 4: photo }),
      ref('1.latent_image'),
      'width',
      new Set(),
    )
  assert.match(
    from(['ImageBlur', { sigma: 1, image: ['4', 0] }]).reason ?? '',
    /size of what node 4 \(LoadImage\)/,
  )
  assert.deepEqual(from(['ImageScaleToTotalPixels', { megapixels: 1, image: ['4', 0] }]).computedBy, ['3'])
  assert.deepEqual(
    from(['ResizeImageMaskNode', { resize_type: 'x', 'resize_type.longer_size': 9, input: ['4', 0] }])
      .computedBy,
    ['3'],
  )
})

test('a measured size is that of what is measured, the right way round', () => {
  const nodes: Nodes = {
    2: ['EmptyLatentImage', { width: ['3', 1], height: ['3', 0] }],
    3: ['GetImageSize', { image: ['5', 0] }],
    5: ['EmptyImage', { width: 4, height: 8 }],
  }
  assert.equal(size(nodes), '5.height x 5.width')
})

test('what another sampler made and is scaled has the size of the first', () => {
  const nodes: Nodes = {
    2: ['LatentUpscale', { width: 128, height: 128, samples: ['3', 0] }],
    3: ['KSampler', { latent_image: ['4', 0] }],
    4: empty,
  }
  assert.equal(size(nodes, '3'), '4.width x 4.height')
  assert.deepEqual([...samplersBefore(graphOf(nodes), ref('1.latent_image'), new Set(['1', '3']))], ['3'])
})

test('a video that starts from what another sampler made has a size of its own', () => {
  const nodes: Nodes = {
    2: ['ImageToVideo', { width: 128, height: 96, length: 81, positive: ['8', 0], start_image: ['5', 0] }],
    3: ['KSampler', { latent_image: ['4', 0] }],
    4: empty,
    5: ['VAEDecode', { samples: ['3', 0] }],
  }
  assert.equal(size(nodes, '3'), '2.width x 2.height')
})

test('a batch is that of the latent at the beginning', () => {
  const nodes: Nodes = {
    2: ['SetLatentNoiseMask', { samples: ['3', 0], mask: ['4', 1] }],
    3: empty,
    4: photo,
  }
  assert.equal(addresses(traceBatch(graphOf(nodes), ref('1.latent_image')).inputs), '3.batch_size')
})

test('frames: the length of the latent; that of the images it is as long as; not seconds', () => {
  const frames = (nodes: Nodes) => traceFrames(graphOf(nodes), ref('1.latent_image'))
  assert.equal(addresses(frames({ 2: ['EmptyVideo', { length: 81 }] }).inputs), '2.length')
  const measured: Nodes = {
    2: ['EmptyVideo', { length: ['3', 2] }],
    3: ['GetImageSize', { image: ['4', 0] }],
    4: ['ImageScale', { width: 4, height: 4, image: ['5', 0] }],
    5: ['ImageFromBatch', { batch_index: 0, length: 33, image: ['6', 0] }],
    6: ['GetVideoComponents', {}],
  }
  assert.equal(addresses(frames(measured).inputs), '5.length')
  const seconds: Nodes = {
    2: ['EmptyVideo', { length: ['3', 0] }],
    3: ['MathExpression', { expression: 'a * 24', a: ['4', 0] }],
    4: ['PrimitiveInt', { value: 5 }, 'Duration'],
  }
  assert.deepEqual(frames(seconds), { ...frames(seconds), inputs: [], computedBy: ['2'] })
})

test('a size that stands beside: both sides, as literals', () => {
  const found = graphOf({
    2: empty,
    3: ['Scheduler', { width: 4, height: ['2', 0] }],
    4: ['X', { width: 4 }],
  })
  assert.deepEqual(sizeBeside(found, '2', 'width'), ref('2.width'))
  assert.equal(addresses([sizeBeside(found, '3', 'width')].flatMap((each) => each ?? [])), '3.width')
  assert.deepEqual(
    [sizeBeside(found, '3', 'height'), sizeBeside(found, '4', 'width')],
    [undefined, undefined],
  )
})

test('a latent that goes in circles has no size', () => {
  assert.equal(size({ 2: ['LatentFlip', { samples: ['2', 0] }] }), ' x ')
})
