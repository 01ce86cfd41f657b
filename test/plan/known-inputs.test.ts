import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inputKey, knownInputs } from '../../src/plan/known-inputs.ts'
import { exampleWorkflow } from './helpers.ts'

const key = (node: string, input: string): string => inputKey({ node, input })

test('seeds, images and prompts are found by their roles, once', () => {
  const workflow = exampleWorkflow({ image: true })
  const known = knownInputs(workflow)
  assert.deepEqual([...known.seeds], [[key('3', 'seed'), { node: '3', input: 'seed' }]])
  assert.deepEqual([...known.images], [key('10', 'image')])
  assert.deepEqual([...known.prompts], [key('6', 'text'), key('7', 'text')])
  assert.equal(knownInputs(workflow), known)
})

test('different inputs have different keys', () => {
  const keys = [key('1', '23'), key('12', '3'), key('57:8', 'a.b'), key('57', '8.a.b')]
  assert.equal(new Set(keys).size, keys.length)
})
