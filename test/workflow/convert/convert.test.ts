import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ComfyRunError } from '../../../src/errors.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { convertWorkflow } from '../../../src/workflow/convert/convert.ts'
import { toGraph } from '../../../src/workflow/workflow.ts'
import { failure } from '../helpers.ts'
import { objectInfo, subgraph, uiGraph, withSubgraphs } from './helpers.ts'

const uuid = '3f0e2c1a-1111-4222-8333-0123456789ab'

test('the result is a workflow: ids, classes, titles, and the graph that it was', () => {
  const ui = uiGraph({
    1: { type: 'Loader', values: ['a.model'], title: 'Mine' },
    2: { type: 'Loader', values: ['b.model'] },
  })
  const workflow = convertWorkflow(ui, objectInfo, { source: 'ui.json' })
  assert.equal(workflow.source, 'ui.json')
  assert.equal(workflow.uiWorkflow, ui)
  assert.deepEqual(toGraph(workflow), {
    1: { class_type: 'Loader', inputs: { file: 'a.model' }, _meta: { title: 'Mine' } },
    2: { class_type: 'Loader', inputs: { file: 'b.model' }, _meta: { title: 'Load it' } },
  })
})

test('every node that can not be run is named, with what may be meant', () => {
  const ui = withSubgraphs(
    uiGraph({
      1: { type: 'Loadr', title: 'My loader' },
      2: { type: 'inner' },
      3: { type: uuid },
      4: { type: 'workflow>Lost' },
      5: { type: 'Anything Everywhere' },
      6: { type: 'toString' },
      7: { type: 'Zzz', mode: 2 },
      8: { type: 'Zzz', mode: 4 },
      9: { type: 'Loader' },
    }),
    subgraph('inner', { 20: { type: 'Zzz' } }, []),
  )
  const error = failure(() => convertWorkflow(ui, objectInfo, { source: 'ui.json' }))
  assert.equal(error.code, 'missing-node')
  assert.equal(error.message, "ui.json can't be converted: the server lacks 6 node classes")
  assert.deepEqual(error.details, [
    'node 1 "My loader" (Loadr): the server has no such class; did you mean "Loader"?',
    `node 3 (${uuid}): the file does not hold the subgraph that it is an instance of`,
    'node 4 (workflow>Lost): the file does not hold the group that it is made of',
    'node 5 (Anything Everywhere): what it does is done in the browser only',
    'node 6 (toString): the server has no such class',
    'node 2:20 (Zzz): the server has no such class',
  ])
})

test('a graph without a node that is run is refused', () => {
  const graphs = [{}, { nodes: null }, uiGraph({ 1: { type: 'Note' }, 2: { type: 'Loader', mode: 4 } })]
  for (const ui of graphs) {
    assert.equal(failure(() => convertWorkflow(ui, objectInfo)).code, 'not-convertible')
  }
})

test('a subgraph that contains itself is refused', () => {
  const ui = withSubgraphs(
    uiGraph({ 1: { type: 'a' } }),
    subgraph('a', { 2: { type: 'b' } }, []),
    subgraph('b', { 3: { type: 'a' } }, []),
  )
  const { code, message } = failure(() => convertWorkflow(ui, objectInfo))
  assert.equal(code, 'not-convertible')
  assert.match(message, /the subgraph "Subgraph a" contains itself \(node 1:2:3\)/)
})

test('subgraphs that would make billions of nodes are refused', () => {
  const levels = Array.from({ length: 40 }, (_, at) =>
    subgraph(`s${at}`, { 1: { type: `s${at + 1}` }, 2: { type: `s${at + 1}` } }, []),
  )
  const ui = withSubgraphs(uiGraph({ 1: { type: 's0' } }), ...levels)
  assert.match(failure(() => convertWorkflow(ui, objectInfo)).message, /more than 200000 nodes/)
})

test('long chains of reroutes are no trouble', () => {
  const length = 20_000
  const reroutes = Array.from({ length }, (_, at) => [
    String(at + 2),
    { type: 'Reroute', in: { '': ['*', at + 1] as const } },
  ])
  const nodes = {
    1: { type: 'LoadImage' },
    ...Object.fromEntries(reroutes),
    [length + 2]: { type: 'Save', in: { images: ['IMAGE', length + 1] } },
  }
  const links = Array.from({ length: length + 1 }, (_, at) => [at + 1, at + 1, 0, at + 2, 0] as const)
  const { nodes: made } = convertWorkflow(uiGraph(nodes, links), objectInfo)
  assert.deepEqual(made.get(String(length + 2))?.inputs['images'], ['1', 0])
})

const sound = withSubgraphs(
  uiGraph(
    {
      1: { type: 'LoadImage', values: ['cat.png'], out: ['IMAGE'] },
      2: {
        type: 'inner',
        values: [5],
        in: { image: ['IMAGE', 1] },
        properties: { proxyWidgets: [['7', 'width']] },
      },
      3: { type: 'Save', values: ['%date:yyyy%'], in: { images: ['IMAGE', 2] } },
      4: { type: 'workflow>G', values: ['x'] },
      5: { type: 'PrimitiveNode', values: [3] },
    },
    [
      [1, 1, 0, 2, 0],
      [2, 2, 0, 3, 0],
    ],
    {
      extra: {
        groupNodes: {
          G: { nodes: [{ type: 'Encode', inputs: [{ name: 'clip', type: 'CLIP' }] }], links: [[0, 0, 0, 0]] },
        },
      },
    },
  ),
  subgraph(
    'inner',
    { 7: { type: 'Scale', in: { image: ['IMAGE', 1], '*width': ['INT', 2] } } },
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
  ),
)

/** Every place in a value, by its keys. */
function placesIn(value: JsonValue, path: readonly string[] = []): (readonly string[])[] {
  const inner = isJsonArray(value) || isJsonObject(value) ? Object.entries(value) : []
  return [path, ...inner.flatMap(([key, each]) => placesIn(each, [...path, key]))]
}

function replaced(value: JsonValue, [key, ...rest]: readonly string[], by: JsonValue): JsonValue {
  if (key === undefined) return by
  const change = (each: JsonValue, at: string): JsonValue => (at === key ? replaced(each, rest, by) : each)
  if (isJsonArray(value)) return value.map((each, at) => change(each, String(at)))
  const entries = Object.entries(isJsonObject(value) ? value : {})
  return Object.fromEntries(entries.map(([at, each]) => [at, change(each, at)]))
}

test('a damaged graph is converted as far as it goes or refused, and never crashes', () => {
  const places = placesIn(sound).slice(1)
  const junk = fc.constantFrom<JsonValue>(
    null,
    -1,
    1e99,
    7,
    'x',
    '',
    [],
    {},
    [null],
    [[]],
    { a: 1 },
    true,
    2n ** 70n,
    '-10',
    'inner',
    '__proto__',
  )
  const damages = fc.array(fc.tuple(fc.constantFrom(...places), junk), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(damages, (all) => {
      const damaged = all.reduce<JsonValue>((value, [place, by]) => replaced(value, place, by), sound)
      assert.ok(isJsonObject(damaged))
      try {
        assert.ok(convertWorkflow(damaged, objectInfo).nodes.size > 0)
      } catch (error) {
        assert.ok(error instanceof ComfyRunError, String(error))
      }
    }),
    { numRuns: 2000 },
  )
})

test('the graph that is damaged above is sound', () => {
  const inputs = Array.from(
    convertWorkflow(sound, objectInfo, { now: new Date(2030, 1) }).nodes,
    ([id, node]): [string, JsonObject] => [id, node.inputs],
  )
  assert.deepEqual(Object.fromEntries(inputs), {
    1: { image: 'cat.png' },
    3: { filename_prefix: '2030', images: ['2:7', 0] },
    '2:7': { image: ['1', 0], width: 5 },
    '4:0': { text: 'x', clip: ['4:0', 0] },
  })
})
