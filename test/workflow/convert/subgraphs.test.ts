import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject, JsonValue } from '../../../src/protocol/json.ts'
import { inputsOf, subgraph, uiGraph, withSubgraphs, type LinkSpec, type NodeSpec } from './helpers.ts'

const image: NodeSpec = { type: 'LoadImage', values: ['cat.png', 'image'], out: ['IMAGE', 'MASK'] }
const scale: NodeSpec = {
  type: 'Scale',
  values: [512],
  in: { image: ['IMAGE', 1], '*width': ['INT', 2] },
  out: ['IMAGE'],
}

/** Scales an image. Its inputs are the picture and the width, which is promoted. */
const scaling = subgraph(
  'scaling',
  { 7: scale },
  [
    [1, -10, 0, 7, 0],
    [2, -10, 1, 7, 1],
    [3, 7, 0, -20, 0],
  ],
  {
    in: [
      ['image', 'IMAGE'],
      ['width', 'INT'],
    ],
    out: ['IMAGE'],
  },
)

/** An instance of it, between an image and a node that saves. */
function around(instance: Partial<NodeSpec>, ...more: readonly LinkSpec[]): JsonObject {
  const nodes = {
    1: image,
    5: { type: 'scaling', in: { '*width': ['INT'], image: ['IMAGE', 1] }, ...instance } satisfies NodeSpec,
    9: { type: 'Save', values: ['out'], in: { images: ['IMAGE', 2] } } satisfies NodeSpec,
    12: { type: 'Number', values: [64] },
  }
  const links: LinkSpec[] = [[1, 1, 0, 5, 1], [2, 5, 0, 9, 0], ...more]
  return withSubgraphs(uiGraph(nodes, links), scaling)
}

test('nodes inside an instance have its id before theirs; links go in and out', () => {
  const inputs = inputsOf(around({}))
  assert.deepEqual(Object.keys(inputs), ['1', '9', '12', '5:7'])
  assert.deepEqual(inputs['5:7'], { image: ['1', 0], width: 512 })
  assert.deepEqual(inputs['9'], { images: ['5:7', 0], filename_prefix: 'out' })
})

const widths: readonly (readonly [title: string, instance: Partial<NodeSpec>, width: JsonValue])[] = [
  ['what the instance holds goes before what the node inside holds', { values: [256] }, 256],
  [
    'proxyWidgets say the place of a value',
    {
      values: ['x', 256],
      properties: {
        proxyWidgets: [
          ['3', 'a'],
          ['7', 'width'],
        ],
      },
    },
    256,
  ],
  [
    'proxyWidgets may name the input',
    { values: [256], properties: { proxyWidgets: [['-1', 'width']] } },
    256,
  ],
  [
    'a widget that proxyWidgets do not name has its own value',
    { values: [256], properties: { proxyWidgets: [['3', 'a']] } },
    512,
  ],
  ['a hole means the value inside', { values: [null] }, 512],
  ['values may have names', { values: { width: 256 } }, 256],
  ['a list is wrapped', { values: [[1, 2]] }, { __value__: [1, 2] }],
]
for (const [title, instance, width] of widths) {
  test(title, () => assert.deepEqual(inputsOf(around(instance))['5:7']?.['width'], width))
}

test('a link from outside goes before all values', () => {
  const instance = { values: [256], in: { image: ['IMAGE', 1], '*width': ['INT', 8] } } as const
  assert.deepEqual(inputsOf(around(instance, [8, 12, 0, 5, 0]))['5:7']?.['width'], ['12', 0])
})

test('a primitive outside writes through the instance', () => {
  const instance = { values: [256], in: { image: ['IMAGE', 1], '*width': ['INT', 8] } } as const
  const graph = around(instance, [8, 20, 0, 5, 0])
  const nodes = graph['nodes'] as JsonValue[]
  const primitive = { id: 20, type: 'PrimitiveNode', widgets_values: [99, 'fixed'] }
  assert.deepEqual(inputsOf({ ...graph, nodes: [...nodes, primitive] })['5:7']?.['width'], 99)
})

test('values are counted among the promoted inputs only', () => {
  const two = subgraph(
    'two',
    { 7: scale, 8: { ...scale, in: { image: ['IMAGE', 3], '*width': ['INT', 4] } } },
    [
      [1, -10, 0, 7, 0],
      [2, -10, 1, 7, 1],
      [3, -10, 2, 8, 0],
      [4, -10, 3, 8, 1],
    ],
    {
      in: [
        ['image', 'IMAGE'],
        ['width', 'INT'],
        ['image_1', 'IMAGE'],
        ['width_1', 'INT'],
      ],
    },
  )
  const inputs = inputsOf(withSubgraphs(uiGraph({ 5: { type: 'two', values: [1, 2] } }), two))
  assert.deepEqual(inputs, { '5:7': { width: 1 }, '5:8': { width: 2 } })
})

test('one promoted input feeds all that it is linked to, sockets too, with what the first widget holds', () => {
  const fan = subgraph(
    'fan',
    {
      6: { type: 'Show', in: { anything: ['*', 1] } },
      7: { ...scale, in: { image: ['IMAGE'], '*width': ['INT', 2] } },
      8: { ...scale, values: [99], in: { image: ['IMAGE'], '*width': ['INT', 3] } },
    },
    [
      [1, -10, 0, 6, 0],
      [2, -10, 0, 7, 1],
      [3, -10, 0, 8, 1],
    ],
    { in: [['width', 'INT']] },
  )
  const widthsOf = (values: JsonValue): unknown =>
    Object.values(inputsOf(withSubgraphs(uiGraph({ 5: { type: 'fan', values } }), fan))).map(
      ({ anything, width }) => anything ?? width,
    )
  assert.deepEqual(widthsOf([]), [512, 512, 512])
  assert.deepEqual(widthsOf([64]), [64, 64, 64])
})

test('subgraphs may stand in subgraphs, and widgets be promoted through both', () => {
  const outer = subgraph(
    'outer',
    { 6: { type: 'scaling', in: { image: ['IMAGE', 1], '*width': ['INT', 2] }, values: [128] } },
    [
      [1, -10, 1, 6, 0],
      [2, -10, 0, 6, 1],
      [3, 6, 0, -20, 0],
    ],
    {
      in: [
        ['w', 'INT'],
        ['picture', 'IMAGE'],
      ],
      out: ['IMAGE'],
    },
  )
  const graph = (values: JsonValue, properties: JsonObject = {}): JsonObject => {
    const nodes: Record<string, NodeSpec> = {
      1: image,
      5: { type: 'outer', values, properties, in: { picture: ['IMAGE', 1] } },
      9: { type: 'Save', in: { images: ['IMAGE', 2] } },
    }
    return withSubgraphs(
      uiGraph(nodes, [
        [1, 1, 0, 5, 0],
        [2, 5, 0, 9, 0],
      ]),
      outer,
      scaling,
    )
  }
  const inputs = inputsOf(graph([]))
  assert.deepEqual(inputs['5:6:7'], { image: ['1', 0], width: 128 })
  assert.deepEqual(inputs['9']?.['images'], ['5:6:7', 0])
  assert.equal(inputsOf(graph([32]))['5:6:7']?.['width'], 32)
  assert.equal(
    inputsOf(
      graph([0, 32], {
        proxyWidgets: [
          ['1', 'x'],
          ['6', 'width'],
        ],
      }),
    )['5:6:7']?.['width'],
    32,
  )
})

test('a muted or bypassed instance takes its nodes away; bypassed it passes through by type', () => {
  const muted = inputsOf(around({ mode: 2 }))
  assert.deepEqual([Object.keys(muted), muted['9']], [['1', '9', '12'], { filename_prefix: 'out' }])
  const bypassed = inputsOf(around({ mode: 4 }))
  assert.deepEqual(
    [Object.keys(bypassed), bypassed['9']?.['images']],
    [
      ['1', '9', '12'],
      ['1', 0],
    ],
  )
})

test('inside another, the nodes of a bypassed instance stay', () => {
  const outer = subgraph(
    'outer',
    { 6: { type: 'scaling', mode: 4, in: { image: ['IMAGE', 1] } } },
    [
      [1, -10, 0, 6, 0],
      [3, 6, 0, -20, 0],
    ],
    { in: [['image', 'IMAGE']], out: ['IMAGE'] },
  )
  const nodes: Record<string, NodeSpec> = {
    1: image,
    5: { type: 'outer', in: { image: ['IMAGE', 1] } },
    9: { type: 'Save', in: { images: ['IMAGE', 2] } },
  }
  const inputs = inputsOf(
    withSubgraphs(
      uiGraph(nodes, [
        [1, 1, 0, 5, 0],
        [2, 5, 0, 9, 0],
      ]),
      outer,
      scaling,
    ),
  )
  assert.deepEqual(Object.keys(inputs), ['1', '9', '5:6:7'])
  assert.deepEqual(inputs['9']?.['images'], ['1', 0])
})

test('an output that is linked to an input of the same subgraph passes it on', () => {
  const through = subgraph('through', { 7: image }, [[1, -10, 0, -20, 0]], {
    in: [['image', 'IMAGE']],
    out: ['IMAGE'],
  })
  const nodes: Record<string, NodeSpec> = {
    1: image,
    5: { type: 'through', in: { image: ['IMAGE', 1] } },
    9: { type: 'Save', in: { images: ['IMAGE', 2] } },
  }
  const graph = withSubgraphs(
    uiGraph(nodes, [
      [1, 1, 0, 5, 0],
      [2, 5, 0, 9, 0],
    ]),
    through,
  )
  assert.deepEqual(inputsOf(graph)['9']?.['images'], ['1', 0])
})

test('an id inside that is taken becomes the next free one, and what refers to it follows', () => {
  const inner = subgraph(
    'inner',
    { 1: { ...scale, in: { image: ['IMAGE', 9], '*width': ['INT', 2] } }, 2: image },
    [
      [2, -10, 0, 1, 1],
      [3, 1, 0, -20, 0],
      [9, 2, 0, 1, 0],
    ],
    { in: [['width', 'INT']], out: ['IMAGE'] },
  )
  const nodes: Record<string, NodeSpec> = {
    1: { type: 'inner', values: [33], properties: { proxyWidgets: [['1', 'width']] } },
    2: { type: 'Save', in: { images: ['IMAGE', 2] } },
    6: image,
  }
  const graph = { ...withSubgraphs(uiGraph(nodes, [[2, 1, 0, 2, 0]]), inner), last_node_id: 5 }
  assert.deepEqual(inputsOf(graph), {
    2: { images: ['1:7', 0], filename_prefix: 'ComfyUI' },
    6: { image: 'cat.png' },
    '1:7': { image: ['1:8', 0], width: 33 },
    '1:8': { image: 'cat.png' },
  })
})

test('a prompt that comes through a promoted input is left as it is', () => {
  const inner = subgraph(
    'inner',
    { 7: { type: 'Encode', values: ['{a|b}'], in: { clip: ['CLIP'], '*text': ['STRING', 1] } } },
    [[1, -10, 0, 7, 1]],
    { in: [['text', 'STRING']] },
  )
  const graph = (values: JsonValue): JsonObject =>
    withSubgraphs(uiGraph({ 5: { type: 'inner', values } }), inner)
  assert.deepEqual(inputsOf(graph(['{c|d}'])), { '5:7': { text: '{c|d}' } })
  assert.deepEqual(inputsOf(graph([])), { '5:7': { text: '{a|b}' } })
})
