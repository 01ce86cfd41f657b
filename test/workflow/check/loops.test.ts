import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { findLoops } from '../../../src/workflow/check/loops.ts'
import { graph } from '../helpers.ts'

const invert = (from: string): readonly [string, JsonObject] => ['ImageInvert', { image: [from, 0] }]

test('a loop is told once, at the link that leads back to where it is come to from the output', () => {
  const workflow = graph({ a: invert('c'), b: invert('a'), c: invert('b'), out: invert('c') })
  const [loop, ...others] = findLoops(workflow, ['out'])
  assert.deepEqual(others, [])
  assert.deepEqual([loop?.node, loop?.input], ['a', 'image'])
  assert.deepEqual(loop?.related, [
    { node: 'c', input: 'image' },
    { node: 'b', input: 'image' },
  ])
})

test('loops that no output needs are found, and nodes that are used twice are none', () => {
  const workflow = graph({
    out: ['ImageBlend', { image1: ['x', 0], image2: ['y', 0] }],
    x: invert('z'),
    y: invert('z'),
    z: ['EmptyImage', {}],
    self: invert('self'),
  })
  assert.deepEqual(
    findLoops(workflow, ['out']).map(({ node }) => node),
    ['self'],
  )
})

test('a chain may be of any length', () => {
  const links = Array.from({ length: 50_000 }, (_, index) => [`n${index}`, invert(`n${index + 1}`)] as const)
  assert.deepEqual(findLoops(graph(Object.fromEntries(links)), ['n0']), [])
})
