import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { graph, ref } from '../helpers.ts'
import { nodeClasses } from './node-classes.ts'

test('outputs are the nodes that save or show; else those that no other uses', () => {
  const saved = graph({
    1: ['SaveImage', { images: ['2', 0] }],
    2: ['LoadImage', { image: 'a.png' }],
    3: ['Spare', { image: ['2', 0] }],
    4: ['VHS_VideoCombine', { images: ['2', 0] }],
  })
  assert.deepEqual(new RoleGraph(saved).outputs, ['1', '4'])
  assert.deepEqual([...new RoleGraph(saved).reachable], ['1', '2', '4'])
  assert.deepEqual(new RoleGraph(graph({ 1: ['Odd', { x: ['2', 0] }], 2: ['Odd', {}] })).outputs, ['1'])
})

test('a class that is known says itself whether it is an output', () => {
  const workflow = {
    ...graph({ 1: ['OddOutput', { x: ['2', 0] }], 2: ['PreviewText', {}], 3: ['Odd', {}] }),
    nodeClasses,
  }
  assert.deepEqual(new RoleGraph(workflow).outputs, ['1'])
})

test('only what an output needs is there: not the side of a switch that is off, not an input that is bypassed', () => {
  const found = new RoleGraph(
    graph({
      1: ['SaveImage', { images: ['2', 0] }],
      2: ['ComfySwitchNode', { switch: false, on_true: ['3', 0], on_false: ['4', 1] }],
      3: ['Spare', {}],
      4: ['Inplace', { bypass: ['5', 0], image: ['6', 0], latent: ['7', 0] }],
      5: ['PrimitiveBoolean', { value: true }],
      6: ['Spare', {}],
      7: ['Empty', {}],
    }),
  )
  assert.deepEqual([...found.reachable], ['1', '4', '7'])
  assert.deepEqual(found.uses('4'), [{ node: '1', input: 'images', slot: 1 }])
  assert.deepEqual([...found.upstream('4')], ['4', '7'])
  assert.equal(found.source(ref('1.images'))?.classType, 'Inplace')
})

test('what the class says, where it is known and says it', () => {
  const broken = {
    Broken: { name: 'Broken', input: { required: null }, output: 'IMAGE', output_node: false },
  }
  const found = new RoleGraph({
    ...graph({ 1: ['OddPair', {}], 2: ['Odd', {}], 3: ['Broken', {}], 4: ['OddWriter', {}] }),
    nodeClasses: { ...nodeClasses, ...(broken as unknown as typeof nodeClasses) },
  })
  assert.deepEqual(
    ['1', '2', '3'].map((node) => found.outputTypes(node)),
    [['MODEL', 'CONDITIONING', 'CONDITIONING'], undefined, undefined],
  )
  assert.deepEqual([found.inputConfigs('3'), found.inputConfigs('4')], [{}, { prompt: ['STRING'] }])
})
