import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringifyJson, type JsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { inputsOf, subgraph, uiGraph, withSubgraphs } from './helpers.ts'

const nodes = {
  1: { type: 'LoadImage', values: ['cat.png'] },
  2: { type: 'Save', values: ['out'], in: { images: ['IMAGE', 7] as const } },
}
const wanted = { 1: { image: 'cat.png' }, 2: { images: ['1', 0], filename_prefix: 'out' } }
const link = { id: 7, origin_id: 1, origin_slot: 0, target_id: 2, target_slot: 0, type: 'IMAGE' }
const { nodes: list } = uiGraph(nodes)

const files: readonly (readonly [name: string, file: JsonObject])[] = [
  ['0.4: links are lists', uiGraph(nodes, [[7, 1, 0, 2, 0]])],
  ['1.0: links are objects', { version: 1, state: { lastNodeId: 2 }, nodes: list ?? null, links: [link] }],
  ['1.0: ids may be texts', textIds()],
  [
    'lists that were saved as objects',
    { nodes: Object.fromEntries((list as JsonValue[]).entries()), links: { 7: [7, 1, 0, 2, 0, 'IMAGE'] } },
  ],
  ['holes, and what is no node or link', oddities()],
]
for (const [name, file] of files) {
  test(name, () => assert.deepEqual(inputsOf(file), wanted))
}

function textIds(): JsonObject {
  const named = (list as JsonObject[]).map((node) => ({ ...node, id: stringifyJson(node['id']) }))
  return { version: 1, nodes: named, links: [{ ...link, origin_id: '1', target_id: '2' }] }
}

function oddities(): JsonObject {
  const odd: readonly JsonValue[] = [null, 3, [], {}, { id: null, type: 'Save' }]
  return { nodes: [...odd, ...(list as JsonValue[])], links: [null, [], {}, 'x', [7, 1, 0, 2, 0]] }
}

test('a COMBO may have its choices as type, and a slot none', () => {
  const inputs: JsonValue = [
    { name: 'image', type: ['a', 'b'], link: 1, widget: { name: 'image' } },
    { name: 'x', type: 0 },
  ]
  const node = { id: 1, type: 'LoadImage', inputs, widgets_values: ['a'] }
  assert.deepEqual(inputsOf({ nodes: [node], links: [] }), { 1: { image: 'a' } })
})

test('a subgraph may bring its own definitions', () => {
  const inner = subgraph('inner', { 8: nodes[1] }, [])
  const outer = { ...subgraph('outer', { 7: { type: 'inner' } }, []), definitions: { subgraphs: [inner] } }
  assert.deepEqual(inputsOf(withSubgraphs(uiGraph({ 5: { type: 'outer' } }), outer)), {
    '5:7:8': { image: 'cat.png' },
  })
})

test('a port of a subgraph that does not name its links has those that name it', () => {
  const scale = { type: 'Scale', in: { image: ['IMAGE', 1] as const } }
  const ends = [
    [1, -10, 0, 7, 0],
    [2, 7, 0, -20, 0],
  ] as const
  const inner = subgraph('inner', { 7: scale }, ends, { in: [['image', 'IMAGE']], out: ['IMAGE'] })
  const unnamed = (side: 'inputs' | 'outputs'): JsonValue =>
    (inner[side] as JsonObject[]).map(({ name, type }) => ({ name: name ?? null, type: type ?? null }))
  const graph = uiGraph(
    {
      1: nodes[1],
      5: { type: 'inner', in: { image: ['IMAGE', 1] } },
      9: { type: 'Save', in: { images: ['IMAGE', 2] } },
    },
    [
      [1, 1, 0, 5, 0],
      [2, 5, 0, 9, 0],
    ],
  )
  const definition = { ...inner, inputs: unnamed('inputs'), outputs: unnamed('outputs') }
  const inputs = inputsOf(withSubgraphs(graph, definition))
  assert.deepEqual(
    [inputs['5:7']?.['image'], inputs['9']?.['images']],
    [
      ['1', 0],
      ['5:7', 0],
    ],
  )
})
