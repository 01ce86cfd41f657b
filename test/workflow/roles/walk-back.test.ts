import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { linksNamed, onlyLink, walkBack } from '../../../src/workflow/roles/walk-back.ts'
import type { InputRef, Workflow } from '../../../src/workflow/workflow.ts'
import { allInputs, graph, ref, workflows } from '../helpers.ts'

/** The outputs that a walk along all links comes to. */
function walked(workflow: Workflow, ...from: InputRef[]): string[] {
  const stops: string[] = []
  walkBack(new RoleGraph(workflow), from, ({ node, slot, inputs }) => {
    stops.push(`${node}:${slot}`)
    return Object.keys(inputs)
  })
  return stops
}

test('links are followed back depth first, in the order of the inputs, each output once', () => {
  const workflow = graph({
    1: ['Out', { a: ['2', 0], b: ['3', 0], c: 5, d: ['3', 1] }],
    2: ['Mid', { x: ['4', 0] }],
    3: ['Mid', { x: ['4', 0], y: ['1', 0] }],
    4: ['In', {}],
  })
  const starts = ['1.a', '1.b', '1.c', '1.d', '1.absent', '9.x'].map(ref)
  assert.deepEqual(walked(workflow, ...starts), ['2:0', '4:0', '3:0', '1:0', '3:1'])
})

test('reroutes and constant switches are no stops', () => {
  const workflow = graph({
    1: ['Out', { a: ['2', 0] }],
    2: ['Reroute', { '': ['3', 0] }],
    3: ['ComfySwitchNode', { switch: true, on_true: ['4', 1], on_false: ['5', 0] }],
    4: ['In', {}],
    5: ['In', {}],
  })
  assert.deepEqual(walked(workflow, ref('1.a')), ['4:1'])
})

test('links by name, and the only link of a node', () => {
  const found = new RoleGraph(
    graph({
      1: ['Merge', { model1: ['4', 0], model2: 'file', other: ['4', 0] }],
      2: ['Mid', { any: ['4', 0] }],
      3: ['Mid', { any: 1 }],
      4: ['In', {}],
    }),
  )
  assert.deepEqual(linksNamed(found, '1', /^model/), ['model1'])
  assert.deepEqual(
    ['1', '2', '3'].map((node) => onlyLink(found, node)),
    [[], ['any'], []],
  )
})

test('a walk over any workflow ends, and comes to no output twice', () => {
  fc.assert(
    fc.property(workflows, (workflow) => {
      const stops = walked(workflow, ...allInputs(workflow))
      assert.equal(new Set(stops).size, stops.length)
    }),
  )
})
