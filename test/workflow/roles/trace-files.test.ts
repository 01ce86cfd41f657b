import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { nth, traceFiles } from '../../../src/workflow/roles/trace-files.ts'
import { addresses, graph } from '../helpers.ts'
import { nodeClasses } from './node-classes.ts'

type Nodes = Readonly<Record<string, readonly [string, JsonObject]>>

/** The files that node 1 needs, by kind. */
function files(nodes: Nodes, classes = {}): Record<string, string> {
  const workflow = graph({ ...nodes, 99: ['SaveImage', { filename_prefix: 'x', images: ['1', 0] }] })
  const found = traceFiles(new RoleGraph({ ...workflow, nodeClasses: classes }), ['1'], new Set(['1']))
  return Object.fromEntries(
    Object.entries(found)
      .map(([kind, list]) => [kind, addresses(list.flatMap(({ inputs }) => inputs))])
      .filter(([, text]) => text !== ''),
  )
}

const image = (name: string): readonly [string, JsonObject] => ['LoadImage', { image: name }]

test('images in the order of the inputs, and what is sampled from before all others', () => {
  const nodes: Nodes = {
    1: ['Sampler', { positive: ['2', 0], latent_image: ['3', 0] }],
    2: ['Reference', { conditioning: ['4', 0], latent: ['6', 0] }],
    3: ['VAEEncode', { pixels: ['5', 0] }],
    4: ['Reference', { latent: ['7', 0] }],
    5: image('start.png'),
    6: image('b.png'),
    7: image('a.png'),
  }
  assert.deepEqual(files(nodes), { image: '5.image 7.image 6.image' })
})

test('an image that is only described for a text comes last', () => {
  const nodes: Nodes = {
    1: ['Partner', { 'model.prompt': ['2', 0], start_frame: ['4', 0] }],
    2: ['Chat', { images: ['3', 0] }],
    3: image('described.png'),
    4: image('start.png'),
  }
  assert.deepEqual(files(nodes), { image: '4.image 3.image' })
})

test('videos, audio, and a name that a primitive holds', () => {
  const nodes: Nodes = {
    1: ['Lips', { video: ['2', 0], audio: ['3', 0], image: ['4', 0] }],
    2: ['LoadVideo', { file: 'a.mp4' }],
    3: ['LoadAudio', { audio: 'a.mp3' }],
    4: ['LoadImage', { image: ['5', 0] }],
    5: ['PrimitiveString', { value: 'a.png' }],
  }
  assert.deepEqual(files(nodes), { image: '5.value', video: '2.file', audio: '3.audio' })
})

test('a mask of its own is one, whatever loads it; the alpha channel of an image is none', () => {
  const nodes: Nodes = {
    1: ['Inpaint', { latent_image: ['2', 0] }],
    2: ['SetLatentNoiseMask', { samples: ['3', 0], mask: ['5', 0] }],
    3: ['VAEEncode', { pixels: ['4', 0] }],
    4: image('photo.png'),
    5: ['GrowMask', { expand: 4, mask: ['6', 0] }],
    6: ['LoadImageMask', { image: 'mask.png', channel: 'red' }],
  }
  assert.deepEqual(files(nodes), { image: '4.image', mask: '6.image' })
  const converted: Nodes = {
    ...nodes,
    6: ['ImageToMask', { channel: 'red', image: ['7', 0] }],
    7: image('mask.png'),
  }
  assert.deepEqual(files(converted), { image: '4.image', mask: '7.image' })
  assert.deepEqual(files({ ...nodes, 6: ['InvertMask', { mask: ['4', 1] }] }), { image: '4.image' })
  assert.deepEqual(files({ ...nodes, 6: ['Painter', { mask: 'm.png', image: ['4', 0] }] }), {
    image: '4.image',
    mask: '6.mask',
  })
})

test('nodes that hold an image for another purpose load none', () => {
  assert.deepEqual(files({ 1: ['SaveGLB', { image: '', mesh: ['2', 0] }], 2: ['Mesh', {}] }), {})
})

test('a class that is known says itself that it takes a file', () => {
  const nodes: Nodes = {
    1: ['Blend', { a: ['2', 0], mask: ['3', 0] }],
    2: ['OddFile', { name: 'a.png' }],
    3: ['OddMask', { name: 'b.png' }],
  }
  assert.deepEqual(files(nodes), {})
  assert.deepEqual(files(nodes, nodeClasses), { image: '2.name', mask: '3.name' })
})

test('the nth file: two loaders of one name from a primitive are one', () => {
  const nodes: Nodes = {
    1: ['Blend', { a: ['2', 0], b: ['3', 0], c: ['4', 0] }],
    2: ['LoadImage', { image: ['5', 0] }],
    3: ['LoadImage', { image: ['5', 0] }],
    4: image('b.png'),
    5: ['PrimitiveString', { value: 'a.png' }],
  }
  const found = traceFiles(new RoleGraph(graph(nodes)), ['1'], new Set())
  assert.deepEqual(
    [1, 2, 3].map((number) => addresses(nth(found.image, number).inputs)),
    ['5.value', '4.image', ''],
  )
})
