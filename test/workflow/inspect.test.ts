import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspectWorkflow } from '../../src/workflow/inspect.ts'
import { isFurtherFile, roleNames } from '../../src/workflow/roles.ts'
import { fixture } from './helpers.ts'

test('every role is listed, with what it sets and holds, or what is the matter', () => {
  const { roles } = inspectWorkflow(fixture('hires'))
  assert.deepEqual(
    roles.map(({ role }) => role),
    roleNames.filter((role) => !isFurtherFile(role)),
  )
  assert.deepEqual(roles[0], { role: 'prompt', addresses: ['6.text'], value: 'a fox', notes: [] })
  assert.deepEqual(
    roles.find(({ role }) => role === 'steps'),
    {
      role: 'steps',
      addresses: ['21.steps', '3.steps'],
      value: 20,
      problem: 'several inputs could be meant, with different values: 3.steps, 21.steps',
      notes: [],
    },
  )
  assert.deepEqual(
    roles.find(({ role }) => role === 'image'),
    { role: 'image', addresses: [], problem: 'the workflow loads no image', notes: [] },
  )
})

test('inputs are those that hold a literal', () => {
  const { inputs } = inspectWorkflow(fixture('upscale-only'))
  assert.deepEqual(inputs, [
    { address: '1.image', node: '1', classType: 'LoadImage', title: 'Photo', value: 'in.png' },
    { address: '2.model_name', node: '2', classType: 'UpscaleModelLoader', value: 'x4.pth' },
    { address: '4.filename_prefix', node: '4', classType: 'SaveImage', value: 'up' },
  ])
})
