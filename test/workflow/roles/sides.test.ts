import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { sideOf } from '../../../src/workflow/roles/sides.ts'
import { graph } from '../helpers.ts'
import { nodeClasses } from './node-classes.ts'

/** The sides of the outputs of node 2, which a sampler uses as told. */
function sides(uses: JsonObject, classType = 'Pair', slots = [0, 1, 2]): string[] {
  const workflow = graph({ 1: ['Guider', uses], 2: [classType, {}], 3: ['SaveImage', { images: ['1', 0] }] })
  const found = new RoleGraph({ ...workflow, nodeClasses })
  return slots.map((slot) => sideOf(found, '2', slot))
}

test('the first conditioning output is the positive one, the others are negative', () => {
  assert.deepEqual(sides({ positive: ['2', 0], negative: ['2', 1] }, 'Pair', [0, 1]), [
    'positive',
    'negative',
  ])
  const phantom = { positive: ['2', 0], negative: ['2', 2] }
  assert.deepEqual(sides(phantom), ['positive', 'negative', 'negative'])
})

test('a model that is passed on first shifts the others', () => {
  const uses = { model: ['2', 0], positive: ['2', 1], negative: ['2', 2] }
  assert.deepEqual(sides(uses).slice(1), ['positive', 'negative'])
  assert.deepEqual(sides({ model: ['2', 0], positive: ['2', 1] }).slice(1), ['positive', 'negative'])
})

test('an output that is the only one used: the first is positive, by whatever port', () => {
  assert.deepEqual(sides({ negative: ['2', 0] }, 'Pair', [0]), ['positive'])
  assert.deepEqual(sides({ negative: ['2', 1] }, 'Pair', [1]), ['negative'])
})

test('a class that is known says which outputs are conditioning', () => {
  assert.deepEqual(sides({ positive: ['2', 1] }, 'OddPair').slice(1), ['positive', 'negative'])
})
