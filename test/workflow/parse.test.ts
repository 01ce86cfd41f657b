import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { stringifyJson } from '../../src/protocol/json.ts'
import { parseWorkflow, workflowOf } from '../../src/workflow/parse.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { failure, workflows } from './helpers.ts'

const parse = (text: string) => parseWorkflow(text, 'f.json')
const refused = (text: string) => failure(() => parse(text))
const node = '{"class_type": "X", "inputs": {}}'

test('nodes have a class, inputs, and what the user called them', () => {
  const meta = '"_meta": {"title": "Positive", "more": 1}'
  const { nodes, source } = parse(`{"57:6": {"class_type": "Text", "inputs": {"text": "a fox"}, ${meta}}}`)
  assert.deepEqual(
    [...nodes],
    [
      [
        '57:6',
        {
          classType: 'Text',
          inputs: { text: 'a fox' },
          title: 'Positive',
          meta: { title: 'Positive', more: 1 },
        },
      ],
    ],
  )
  assert.equal(source, 'f.json')
})

test('64-bit integers survive', () => {
  const { nodes } = parse('{"1": {"class_type": "X", "inputs": {"seed": 18446744073709551615}}}')
  assert.equal(nodes.get('1')?.inputs['seed'], 18446744073709551615n)
})

test('the body of a prompt is read, with the graph of the page', () => {
  const ui = '{"nodes": [], "links": []}'
  const body = `{"prompt": {"1": ${node}}, "extra_data": {"extra_pnginfo": {"workflow": ${ui}}}}`
  const { nodes, uiWorkflow } = parse(body)
  assert.deepEqual([...nodes.keys()], ['1'])
  assert.deepEqual(uiWorkflow, { nodes: [], links: [] })
})

test('a node whose id is "prompt" is a node', () => {
  assert.deepEqual([...parse(`{"prompt": ${node}}`).nodes.keys()], ['prompt'])
})

test('a byte order mark is no part of the JSON', () => {
  assert.equal(parse(`\uFEFF{"1": ${node}}`).nodes.size, 1)
})

const faults: readonly (readonly [name: string, text: string, at: string, message: RegExp])[] = [
  ['a comma too many', '{\n  "1": {},,\n}', '2:11', /a "key" must stand/],
  ['an end too early', '{"1": {"class_type"', '1:20', /":" is missing/],
  ['NaN', `{"1": {"a": NaN}}`, '1:13', /"N"/],
  ['text after the end', '{} x', '1:4', /ends before "x"/],
  ['a web page', '<!doctype html>\n<p>', '1:1', /"<"/],
  ['columns are characters', '{"💡💡": tru}', '1:8', /"t"/],
  ['lines may end in CRLF', '{\r\n"a":\r\n}', '3:1', /a value must stand/],
  ['a key twice', '{"1": {"a": 1, "a": 2, "b": 18446744073709551615}}', '1:17', /Duplicate key 'a'/],
]
for (const [name, text, at, message] of faults) {
  test(`what is not JSON is refused with its place: ${name}`, () => {
    const error = refused(text)
    assert.equal(error.code, 'not-json')
    assert.match(error.message, message)
    assert.equal(`${error.where?.line}:${error.where?.column}`, at)
    assert.equal(error.where?.text, text.split(/\r?\n/)[(error.where?.line ?? 0) - 1])
  })
}

test('an empty file is said to be empty', () => {
  const { code, message, where } = refused(' \n')
  assert.deepEqual([code, message, where], ['not-json', 'the workflow f.json is empty', { file: 'f.json' }])
})

const others: readonly (readonly [text: string, what: RegExp])[] = [
  ['[]', /it is a list/],
  ['"x"', /it is a text/],
  ['7', /it is a number/],
  ['null', /it is null/],
  ['{}', /it holds no node/],
  ['{"prompt": {}}', /it holds no node/],
  ['{"prompt": {"prompt": {"1": {"class_type": "X", "inputs": {}}}}}', /without nodes: it has "prompt"/],
  ['{"name": "x", "version": "1.0.0"}', /an object without nodes: it has "name", "version"/],
]
for (const [text, what] of others) {
  test(`JSON of another kind is told what it is: ${text}`, () => {
    const { code, message, where } = refused(text)
    assert.equal(code, 'not-a-workflow')
    assert.match(message, what)
    assert.equal(where?.file, 'f.json')
  })
}

test('a node that is at fault is named, with its line', () => {
  const noClass = refused(`{\n"5": ${node},\n"6": {"inputs": {}, "_meta": {"title": "Mine"}}\n}`)
  assert.match(noClass.message, /node 6 "Mine" has no class_type/)
  assert.match(noClass.hint ?? '', /custom node .* was not installed/)
  assert.deepEqual([noClass.where?.line, noClass.where?.column, noClass.where?.length], [3, 1, 3])
  const noInputs = refused(`{"prompt":\n{"5": ${node},\n "6": {"class_type": "X"}}}`)
  assert.match(noInputs.message, /node 6 \(X\) has no inputs/)
  assert.deepEqual([noInputs.where?.line, noInputs.where?.column], [3, 2])
  assert.match(refused(`{"5": ${node}, "version": 1}`).message, /"version" is no node, but a number/)
})

for (const text of [
  '{"nodes": [], "links": [], "version": 0.4}',
  '{"prompt": {"nodes": [], "links": []}}',
  '{"nodes": [{"id": 1}], "groups": []}',
]) {
  test(`a graph in the format of the page is recognised: ${text}`, () => {
    const { code, hint, where } = refused(text)
    assert.equal(code, 'ui-workflow') // pitfall 49
    assert.match(hint ?? '', /Export \(API\)/)
    assert.equal(where?.file, 'f.json')
  })
}

test('names that every object answers to are names, and change no object', () => {
  const big = '"big": 18446744073709551615'
  const { nodes } = parse(
    `{"__proto__": {"class_type": "X", "inputs": {"__proto__": {"polluted": true}, ${big}}}}`,
  )
  assert.deepEqual([...nodes.keys()], ['__proto__'])
  assert.equal(Reflect.get({}, 'polluted'), undefined)
  assert.equal(nodes.get('__proto__')?.inputs['polluted'], undefined)
})

test('a value that was parsed elsewhere has no lines, but a file', () => {
  assert.deepEqual(failure(() => workflowOf({ 1: {}, 2: { inputs: {} } }, 'x.png')).where, { file: 'x.png' })
})

test('written and read again, a workflow is the same', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const again = parseWorkflow(stringifyJson(toGraph(workflow)), workflow.source)
      assert.deepEqual(Object.fromEntries(again.nodes), Object.fromEntries(workflow.nodes))
    }),
  )
})

test('any text is a workflow or refused with a file', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { code, where } = failure(() => parse(text))
      assert.match(code, /^(?:not-json|not-a-workflow)$/)
      assert.equal(where?.file, 'f.json')
    }),
  )
})
