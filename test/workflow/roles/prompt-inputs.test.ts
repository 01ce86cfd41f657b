import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastPart, promptInputs } from '../../../src/workflow/roles/prompt-inputs.ts'

test('the prompt of a node, and what stands for it where there is none', () => {
  assert.deepEqual(promptInputs({ prompt: 'a', text: 'b', system_prompt: 's', negative_prompt: 'n' }), [
    'prompt',
  ])
  assert.deepEqual(
    promptInputs({ 'shots.storyboard_1_prompt': 'a', 'shots.storyboard_2_prompt': ['1', 0] }),
    ['shots.storyboard_1_prompt', 'shots.storyboard_2_prompt'],
  )
  assert.deepEqual(promptInputs({ 'inputs.text1': 'a', 'inputs.text2': 'b', stability: 0.5 }), [
    'inputs.text1',
    'inputs.text2',
  ])
  assert.deepEqual(promptInputs({ text: 'a', clip: ['1', 0] }), [])
  assert.deepEqual(promptInputs({ prompt: 4 }), [])
})

test('the last part of a name', () => {
  assert.deepEqual(['prompt', 'model.prompt', 'a.b.c'].map(lastPart), ['prompt', 'prompt', 'c'])
})
