import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonValue } from '../../../src/protocol/json.ts'
import { inputsOf, objectInfo, uiGraph, type NodeSpec } from './helpers.ts'

const now = new Date(2031, 2, 4, 5, 6, 7)

/** The prefix that is sent for a text, in a graph with a sampler and two nodes of one title. */
function prefix(text: JsonValue): JsonValue | undefined {
  const nodes: Record<string, NodeSpec> = {
    1: {
      type: 'Sampler',
      values: [18446744073709551615n, 'fixed', 30],
      properties: { 'Node name for S&R': 'KS' },
    },
    2: { type: 'Encode', values: ['a/b: "c"?'], title: 'Positive' },
    3: { type: 'Save', values: [text] },
    4: { type: 'Loader', values: ['b.model'] },
  }
  return inputsOf(uiGraph(nodes), objectInfo, { now })['3']?.['filename_prefix']
}

const texts: readonly (readonly [text: string, filled: string])[] = [
  ['%date:yyyy-MM-dd%/a', '2031-03-04/a'],
  ['%date:yy.M.d h-m-s%', '31.3.4 5-6-7'],
  ['%date:hhmmss%', '050607'],
  ['%KS.seed%_%KS.steps%', '18446744073709551615_30'],
  ['%Positive.text%', 'a_b_ _c__'],
  ['%Load it.file%', 'b.model'],
  ['%width%x%height% %batch_num% 100%', '%width%x%height% %batch_num% 100%'],
  ['%KS.nothing% %Nobody.seed% %a.b.c%', '%KS.nothing% %Nobody.seed% %a.b.c%'],
]
for (const [text, filled] of texts) {
  test(`${text} becomes ${filled}`, () => assert.equal(prefix(text), filled))
}

test('only names of files are filled in, and what a primitive writes if it is told to', () => {
  const graph = (properties: NodeSpec['properties']) =>
    uiGraph(
      {
        1: { type: 'PrimitiveNode', values: ['%date:yyyy%'], properties },
        2: { type: 'Encode', values: ['%date:yyyy%'], in: { clip: ['CLIP'], '*text': ['STRING'] } },
        3: { type: 'Encode', values: [''], in: { clip: ['CLIP'], '*text': ['STRING', 1] } },
      },
      [[1, 1, 0, 3, 1]],
    )
  const texts = (properties?: NodeSpec['properties']): unknown[] =>
    Object.values(inputsOf(graph(properties), objectInfo, { now })).map(({ text }) => text)
  assert.deepEqual(texts(), ['%date:yyyy%', '%date:yyyy%'])
  assert.deepEqual(texts({ 'Run widget replace on values': true }), ['%date:yyyy%', '2031'])
})
