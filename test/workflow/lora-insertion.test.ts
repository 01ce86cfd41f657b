import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertLoras } from '../../src/workflow/lora-insertion.ts'
import { toGraph } from '../../src/workflow/workflow.ts'
import { fixture, graph } from './helpers.ts'

test('a checkpoint: the LoRA comes between it and all that use its model and its text encoder', () => {
  const made = insertLoras(fixture('ksampler'), '4', [{ name: 'ink.safetensors', strength: 0.5 }])
  const before = toGraph(fixture('ksampler'))
  const { 10: added, ...rest } = toGraph(made)
  assert.deepEqual(added, {
    class_type: 'LoraLoader',
    inputs: {
      lora_name: 'ink.safetensors',
      strength_model: 0.5,
      model: ['4', 0],
      strength_clip: 0.5,
      clip: ['4', 1],
    },
    _meta: { title: 'LoRA ink.safetensors' },
  })
  const expected = structuredClone(before) as Record<string, { inputs: Record<string, unknown> }>
  Object.assign(expected['3']?.inputs ?? {}, { model: ['10', 0] })
  for (const text of ['6', '7']) Object.assign(expected[text]?.inputs ?? {}, { clip: ['10', 1] })
  assert.deepEqual(rest, expected)
})

test('a model alone: only the model is changed, and several come one after the other', () => {
  const made = insertLoras(fixture('flux'), '10', [{ name: 'a' }, { name: 'b', strength: 2 }])
  const added = [...made.nodes].filter(([id]) => !fixture('flux').nodes.has(id))
  const [a, b] = added.map(([id]) => id)
  assert.deepEqual(
    added.map(([, { classType, inputs }]) => [classType, inputs]),
    [
      ['LoraLoaderModelOnly', { lora_name: 'a', strength_model: 1, model: ['10', 0] }],
      ['LoraLoaderModelOnly', { lora_name: 'b', strength_model: 2, model: [a, 0] }],
    ],
  )
  const users = [...made.nodes.values()].flatMap(({ inputs }) =>
    Object.values(inputs).filter((value) => Array.isArray(value) && value[0] === b),
  )
  assert.ok(users.length > 0)
})

test('ids of subgraphs are left free', () => {
  const workflow = graph({ 7: ['UNETLoader', {}], '57:8': ['KSampler', { model: ['7', 0] }] })
  assert.ok(insertLoras(workflow, '7', [{ name: 'a' }]).nodes.has('58'))
})

test('without LoRAs the workflow stays the same', () => {
  const workflow = fixture('flux')
  assert.equal(insertLoras(workflow, '10', []), workflow)
})
