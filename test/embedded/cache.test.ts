import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cache, cacheKeys } from '../../src/embedded/cache.ts'
import type { EmbeddedNode } from '../../src/embedded/node.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import type { JsonObject } from '../../src/protocol/json.ts'

const folders = { input: '', output: '', temp: '' }

function keysOf(graph: JsonObject, fingerprint?: EmbeddedNode['fingerprint']) {
  const info = { input: {}, output: ['INT'], name: 'X', output_node: false }
  const own = { ...info, input: { hidden: { id: 'UNIQUE_ID' } } }
  const run = () => ({ outputs: [] })
  const nodes = new Map<string, EmbeddedNode>([
    ['X', { info, run, ...(fingerprint && { fingerprint }) }],
    ['Own', { info: own, run }],
  ])
  return cacheKeys(graph as unknown as ApiGraph, nodes, folders)
}

function x(inputs: JsonObject, class_type = 'X'): JsonObject {
  return { class_type, inputs }
}

test('equal nodes have one key, whatever their ids and the order of their inputs', () => {
  const keys = keysOf({ 1: x({ a: 1, b: 2 }), 2: x({ b: 2, a: 1 }), 3: x({ a: 1, b: 3 }) })
  assert.equal(keys.get('1'), keys.get('2'))
  assert.notEqual(keys.get('1'), keys.get('3'))
})

test('a change upstream changes every key downstream', () => {
  const graph = (seed: number) => ({
    1: x({ seed }),
    2: x({ from: ['1', 0] }),
    3: x({ from: ['2', 0] }),
    4: x({}),
  })
  const [one, two] = [keysOf(graph(1)), keysOf(graph(2))]
  assert.notEqual(one.get('3'), two.get('3'))
  assert.equal(one.get('4'), two.get('4'))
})

test('the slot counts, and a link is not a list', () => {
  const keys = keysOf({ 1: x({}), 2: x({ from: ['1', 0] }), 3: x({ from: ['1', 1] }) })
  assert.notEqual(keys.get('2'), keys.get('3'))
})

test('what links to nothing or to itself has no key', () => {
  const keys = keysOf({
    1: x({ from: ['9', 0] }),
    2: x({ from: ['3', 0] }),
    3: x({ from: ['2', 0] }),
    4: x({}, 'Y'),
  })
  for (const id of ['1', '2', '3', '4']) assert.equal(keys.get(id), undefined, id)
})

test('classes that see their own id have a key of their own', () => {
  const keys = keysOf({ 1: x({}, 'Own'), 2: x({}, 'Own') })
  assert.notEqual(keys.get('1'), keys.get('2'))
})

test('a fingerprint counts; one that fails never fits', () => {
  let state = 'a'
  const fingerprint = () => state
  const first = keysOf({ 1: x({}) }, fingerprint).get('1')
  assert.equal(keysOf({ 1: x({}) }, fingerprint).get('1'), first)
  state = 'b'
  assert.notEqual(keysOf({ 1: x({}) }, fingerprint).get('1'), first)
  const failing = () => {
    throw new Error('gone')
  }
  assert.notEqual(keysOf({ 1: x({}) }, failing).get('1'), keysOf({ 1: x({}) }, failing).get('1'))
})

test('only what is named is kept', () => {
  const cache = new Cache()
  const result = { outputs: [1], ui: undefined }
  cache.set('a', result)
  cache.set('b', result)
  cache.set(undefined, result)
  cache.keepOnly(new Set(['b', undefined]))
  assert.equal(cache.get('a'), undefined)
  assert.equal(cache.get('b'), result)
  assert.equal(cache.get(undefined), undefined)
})
