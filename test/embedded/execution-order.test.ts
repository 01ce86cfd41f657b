import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExecutionOrder } from '../../src/embedded/execution-order.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'

/** A graph in short: each node with what it links to. */
function graphOf(links: Readonly<Record<string, readonly string[]>>): ApiGraph {
  return Object.fromEntries(
    Object.entries(links).map(([id, from]) => [
      id,
      { class_type: 'X', inputs: Object.fromEntries(from.map((node, index) => [`i${index}`, [node, 0]])) },
    ]),
  )
}

function orderOf(
  links: Readonly<Record<string, readonly string[]>>,
  outputs: readonly string[],
  cached: readonly string[] = [],
): string[] {
  const order = new ExecutionOrder(graphOf(links), outputs, {
    isCached: (node) => cached.includes(node),
    isOutput: (node) => outputs.includes(node),
  })
  const found: string[] = []
  for (let node = order.next(); node !== undefined; node = order.next()) {
    found.push(node)
    order.done(node)
  }
  return found
}

const txt2img = {
  s: ['model', 'pos', 'neg', 'latent'],
  model: [],
  latent: [],
  pos: ['model'],
  neg: ['model'],
  decode: ['s', 'model'],
  save: ['decode'],
}

test('txt2img in the order of ComfyUI', () => {
  assert.deepEqual(orderOf(txt2img, ['save']), ['model', 'latent', 'neg', 'pos', 's', 'decode', 'save'])
})

test('what is cached is left out, and what only it needs', () => {
  assert.deepEqual(orderOf(txt2img, ['save'], ['model', 'pos', 'neg']), ['latent', 's', 'decode', 'save'])
  assert.deepEqual(orderOf(txt2img, ['save'], ['decode', 's', 'model']), ['save'])
})

test('a cached output is looked at all the same', () => {
  assert.deepEqual(orderOf(txt2img, ['save'], Object.keys(txt2img)), ['save'])
})

test('outputs come as early as they can', () => {
  const links = { a: [], slow: ['a'], slower: ['slow'], end: ['slower'], quick: ['a'] }
  assert.deepEqual(orderOf(links, ['end', 'quick']), ['a', 'quick', 'slow', 'slower', 'end'])
})

test('a node needed twice runs once, nodes nobody needs never', () => {
  const links = { a: [], b: ['a', 'a'], c: ['a', 'b'], out: ['b', 'c'], other: ['a'] }
  assert.deepEqual(orderOf(links, ['out']), ['a', 'b', 'c', 'out'])
})
