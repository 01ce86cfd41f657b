import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { stringifyJson } from '../../src/protocol/json.ts'
import { patchWorkflow } from '../../src/workflow/patch.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { allInputs, failure, fixture, literals, ref, workflows } from './helpers.ts'

const text = ref('6.text')

test('a patch makes a new workflow and says what it changed', () => {
  const before = fixture('ksampler')
  const { workflow, changes } = patchWorkflow(before, [{ target: text, value: 'a wolf' }])
  assert.deepEqual(changes, [{ target: text, before: 'a fox', after: 'a wolf' }])
  assert.equal(workflow.nodes.get('6')?.inputs['text'], 'a wolf')
  assert.equal(workflow.nodes.get('6')?.title, 'Positive')
  assert.equal(before.nodes.get('6')?.inputs['text'], 'a fox')
  assert.equal(workflow.nodes.get('7'), before.nodes.get('7'))
})

test('an input that is set twice changes once, to the last value', () => {
  const patches = ['a wolf', 'a bear'].map((value) => ({ target: text, value }))
  assert.deepEqual(patchWorkflow(fixture('ksampler'), patches).changes, [
    { target: text, before: 'a fox', after: 'a bear' },
  ])
})

test('a value that the input holds already is no change, and neither is one that is taken back', () => {
  const workflow = fixture('ksampler')
  const seed = { target: ref('3.seed'), value: 7n }
  assert.deepEqual(patchWorkflow(workflow, [seed]), { workflow, changes: [] })
  const back = ['a wolf', 'a fox'].map((value) => ({ target: text, value }))
  assert.equal(patchWorkflow(workflow, back).workflow, workflow)
})

test('a link may be replaced, by a link or a literal', () => {
  const { changes } = patchWorkflow(fixture('ksampler'), [{ target: ref('3.positive'), value: ['7', 0] }])
  assert.deepEqual(changes, [{ target: ref('3.positive'), before: ['6', 0], after: ['7', 0] }])
})

for (const address of ['6.txet', '66.text', '6.constructor', '6.toString', '6.__proto__', '__proto__.text']) {
  test(`a patch adds no input: ${address}`, () => {
    const error = failure(() =>
      patchWorkflow(fixture('ksampler'), [{ target: ref(address), value: { polluted: true } }]),
    )
    assert.equal(error.code, 'unknown-address')
    assert.match(error.message, new RegExp(`"${address}"`))
    assert.equal(Reflect.get({}, 'polluted'), undefined)
  })
}

test('any inputs of any workflow: they hold the new values, and nothing else differs', () => {
  const cases = workflows
    .filter((workflow) => allInputs(workflow).length > 0)
    .chain((workflow) => {
      const target = fc.constantFrom(...allInputs(workflow))
      return fc.tuple(fc.constant(workflow), fc.array(fc.record({ target, value: literals })))
    })
  fc.assert(
    fc.property(cases, ([before, patches]) => {
      const untouched = stringifyJson(toGraph(before))
      const { workflow, changes } = patchWorkflow(before, patches)
      assert.equal(stringifyJson(toGraph(before)), untouched)
      assert.deepEqual([...workflow.nodes.keys()], [...before.nodes.keys()])
      for (const { node, input } of allInputs(before)) {
        const last = patches.findLast(({ target }) => target.node === node && target.input === input)
        const old = before.nodes.get(node)?.inputs[input]
        const now = workflow.nodes.get(node)?.inputs[input]
        assert.equal(stringifyJson(now), stringifyJson(last ? last.value : old))
        const listed = changes.filter(({ target }) => target.node === node && target.input === input)
        assert.equal(listed.length, stringifyJson(now) === stringifyJson(old) ? 0 : 1)
      }
      // Taking all changes back gives the old graph.
      const back = changes.map(({ target, before: value }) => ({ target, value }))
      assert.equal(stringifyJson(toGraph(patchWorkflow(workflow, back).workflow)), untouched)
    }),
  )
})
