import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../src/protocol/json.ts'
import { fileOf, traceFile, traceLatent, type LatentSources } from '../../src/workflow/trace-latent.ts'
import { addresses, graph, ref } from './helpers.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>

/** What the latent of node 1 starts from, without what was not found. */
function sources(nodes: Nodes): Record<string, string> {
  const found = traceLatent(
    graph({ 1: ['KSampler', { latent_image: ['2', 0] }], ...nodes }),
    ref('1.latent_image'),
  )
  const keys: readonly (keyof LatentSources)[] = ['width', 'height', 'batch', 'image', 'mask']
  return Object.fromEntries(
    keys.map((key) => [key, addresses(found[key].inputs)]).filter(([, text]) => text !== ''),
  )
}

const photo: readonly [string, JsonObject] = ['LoadImage', { image: 'photo.png' }]

test('an empty latent has a size, and it may come from primitives', () => {
  const found = sources({
    2: ['RepeatLatentBatch', { amount: 2, samples: ['3', 0] }],
    3: ['EmptySD3LatentImage', { width: ['4', 0], height: 64, batch_size: 1 }],
    4: ['PrimitiveInt', { value: 64 }],
  })
  assert.deepEqual(found, { width: '4.value', height: '3.height', batch: '3.batch_size' })
})

test('an encoded image is found behind scaling; the size of the scaling is not the role', () => {
  const found = sources({
    2: ['VAEEncode', { pixels: ['3', 0], vae: ['9', 2] }],
    3: ['ImageScale', { width: 64, height: 64, image: ['4', 0] }],
    4: photo,
  })
  assert.deepEqual(found, { image: '4.image' })
})

test('a mask is found behind mask nodes, at the latent or at a noise mask', () => {
  const mask: readonly [string, JsonObject] = ['LoadImageMask', { image: 'mask.png', channel: 'red' }]
  const inpaint = sources({
    2: ['VAEEncodeForInpaint', { pixels: ['4', 0], mask: ['3', 0] }],
    3: ['GrowMask', { expand: 4, mask: ['5', 0] }],
    4: photo,
    5: mask,
  })
  assert.deepEqual(inpaint, { image: '4.image', mask: '5.image' })
  const noise = sources({
    2: ['SetLatentNoiseMask', { samples: ['3', 0], mask: ['5', 0] }],
    3: ['VAEEncode', { pixels: ['4', 0] }],
    4: photo,
    5: mask,
  })
  assert.deepEqual(noise, { image: '4.image', mask: '5.image' })
})

test('the alpha channel of the image is no mask of its own', () => {
  const nodes: Nodes = { 2: ['VAEEncodeForInpaint', { pixels: ['4', 0], mask: ['4', 1] }], 4: photo }
  assert.deepEqual(sources(nodes), { image: '4.image' })
})

test('all files that an input comes from, and whether a node has one', () => {
  const workflow = graph({
    1: ['Blend', { a: ['2', 0], b: ['3', 0] }],
    2: photo,
    3: ['LoadImage', { image: ['4', 0] }],
    4: ['PrimitiveString', { value: 'other.png' }],
  })
  assert.equal(addresses(traceFile(workflow, [ref('1.a'), ref('1.b')]).inputs), '2.image 4.value')
  assert.deepEqual(fileOf(workflow, '1').inputs, [])
})
