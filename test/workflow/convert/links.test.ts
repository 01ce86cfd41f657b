import assert from 'node:assert/strict'
import { test } from 'node:test'
import { infoOf, inputsOf, objectInfo, uiGraph, type LinkSpec, type NodeSpec } from './helpers.ts'

const image: NodeSpec = { type: 'LoadImage', values: ['cat.png', 'image'], out: ['IMAGE', 'MASK'] }
const save: NodeSpec = { type: 'Save', values: ['out'], in: { images: ['IMAGE', 1] } }

test('a link is the id of the other node and the place of its output', () => {
  assert.deepEqual(inputsOf(uiGraph({ 3: image, 9: save }, [[1, 3, 0, 9, 0]])), {
    3: { image: 'cat.png' },
    9: { images: ['3', 0], filename_prefix: 'out' },
  })
})

test('links are taken by the name of the input, not by the place that the link names', () => {
  const blend: NodeSpec = {
    type: 'Blend',
    in: { image2: ['IMAGE', 2], gone: ['IMAGE'], mask: ['MASK', 3], image1: ['IMAGE', 1] },
  }
  const links: LinkSpec[] = [
    [1, 3, 0, 5, 7],
    [2, 4, 0, 5, 7],
    [3, 3, 1, 5, 7],
  ]
  assert.deepEqual(inputsOf(uiGraph({ 3: image, 4: image, 5: blend }, links))['5'], {
    mask: ['3', 1],
    image1: ['3', 0],
    image2: ['4', 0],
  })
})

test('a link to a widget takes the place of its value', () => {
  const sampler: NodeSpec = {
    type: 'Sampler',
    values: [7, 'fixed', 30, 4.5, 'simple', 0.5],
    in: { '*steps': ['INT', 1] },
  }
  assert.deepEqual(
    inputsOf(uiGraph({ 1: { type: 'Number', values: [12] }, 2: sampler }, [[1, 1, 0, 2, 0]]))['2'],
    {
      seed: 7,
      steps: ['1', 0],
      cfg: 4.5,
      scheduler: 'simple',
      denoise: 0.5,
    },
  )
})

test('an input that the class does not have, or no longer, is sent if it is linked', () => {
  const show: NodeSpec = { type: 'Show', in: { anything: ['*'], 'values.a': ['IMAGE', 1], old: ['IMAGE'] } }
  assert.deepEqual(inputsOf(uiGraph({ 1: image, 2: show }, [[1, 1, 0, 2, 1]]))['2'], { 'values.a': ['1', 0] })
})

test('links that lead nowhere are left out: to no node, to none that is run, in a circle', () => {
  const graphs = [
    uiGraph({ 9: save }, [[1, 3, 0, 9, 0]]),
    uiGraph({ 9: save }),
    uiGraph({ 3: { ...image, mode: 2 }, 9: save }, [[1, 3, 0, 9, 0]]),
    uiGraph(
      { 1: { type: 'Reroute', in: { '': ['*', 2] } }, 2: { type: 'Reroute', in: { '': ['*', 3] } }, 9: save },
      [
        [1, 1, 0, 9, 0],
        [2, 2, 0, 1, 0],
        [3, 1, 0, 2, 0],
      ],
    ),
  ]
  for (const graph of graphs) assert.deepEqual(inputsOf(graph)['9'], { filename_prefix: 'out' })
})

test('reroutes and notes are nothing of their own', () => {
  const reroute: NodeSpec = { type: 'Reroute', in: { '': ['*', 2] }, out: ['IMAGE'] }
  const nodes = {
    1: image,
    2: reroute,
    3: { ...reroute, in: { '': ['*', 3] as const } },
    4: save,
    5: { type: 'Note' },
  }
  const links: LinkSpec[] = [
    [3, 1, 0, 3, 0],
    [2, 3, 0, 2, 0],
    [1, 2, 0, 4, 0],
  ]
  const inputs = inputsOf(uiGraph(nodes, links))
  assert.deepEqual(Object.keys(inputs), ['1', '4'])
  assert.deepEqual(inputs['4']?.['images'], ['1', 0])
})

test('named links lead to what was given the name', () => {
  const nodes = {
    1: image,
    2: { type: 'SetNode', values: ['picture'], in: { IMAGE: ['IMAGE', 2] as const } },
    3: { type: 'GetNode', values: ['picture'] },
    4: save,
    5: { type: 'GetNode', values: ['other'] },
    6: { ...save, in: { images: ['IMAGE', 3] as const } },
  }
  const links: LinkSpec[] = [
    [2, 1, 0, 2, 0],
    [1, 3, 0, 4, 0],
    [3, 5, 0, 6, 0],
  ]
  const inputs = inputsOf(uiGraph(nodes, links))
  assert.deepEqual(inputs['4']?.['images'], ['1', 0])
  assert.equal(inputs['6']?.['images'], undefined)
})

test('a class of the server is its own, even if the page has one of that name', () => {
  const info = {
    ...objectInfo,
    ...infoOf({ Reroute: { input: { required: { any: ['*'] } }, output: ['*'] } }),
  }
  const nodes = { 1: image, 2: { type: 'Reroute', in: { any: ['*', 2] as const } }, 3: save }
  const links: LinkSpec[] = [
    [2, 1, 0, 2, 0],
    [1, 2, 0, 3, 0],
  ]
  assert.deepEqual(inputsOf(uiGraph(nodes, links), info)['3']?.['images'], ['2', 0])
})

const primitive = { type: 'PrimitiveNode', out: ['INT'] }
const sized = (...links: readonly (number | null)[]): NodeSpec => ({
  type: 'Scale',
  values: [512],
  in: { image: ['IMAGE', links[0]], '*width': ['INT', links[1]] },
})

test('a primitive writes its value into the widgets that it is linked to, muted or not', () => {
  for (const mode of [0, 2]) {
    const nodes = { 1: { ...primitive, values: [768, 'fixed'], mode }, 2: sized(null, 1), 3: sized(null, 2) }
    const links: LinkSpec[] = [
      [1, 1, 0, 2, 1],
      [2, 1, 0, 3, 1],
    ]
    assert.deepEqual(inputsOf(uiGraph(nodes, links)), { 2: { width: 768 }, 3: { width: 768 } })
  }
})

test('a primitive without a value changes nothing, and it has none for what is no widget', () => {
  const empty = uiGraph({ 1: { ...primitive, values: [] }, 2: sized(null, 1) }, [[1, 1, 0, 2, 1]])
  assert.deepEqual(inputsOf(empty), { 2: { width: 512 } })
  const socket = uiGraph({ 1: { ...primitive, values: [1] }, 2: sized(1) }, [[1, 1, 0, 2, 0]])
  assert.deepEqual(inputsOf(socket), { 2: { width: 512 } })
})

test('what a primitive writes into a prompt is resolved like the prompt', () => {
  const encode: NodeSpec = { type: 'Encode', values: ['x'], in: { clip: ['CLIP'], '*text': ['STRING', 1] } }
  const graph = uiGraph({ 1: { ...primitive, values: ['a {red|blue} fox'] }, 2: encode }, [[1, 1, 0, 2, 1]])
  assert.deepEqual(inputsOf(graph, objectInfo, { random: () => 0.9 }), { 2: { text: 'a blue fox' } })
})
