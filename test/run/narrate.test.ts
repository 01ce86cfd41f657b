import assert from 'node:assert/strict'
import { test } from 'node:test'
import { narrate } from '../../src/run/narrate.ts'

const graph = {
  '57:8': { class_type: 'KSampler', inputs: {}, _meta: { title: 'Base sampler' } },
  9: { class_type: 'SaveImage', inputs: {} },
}

test("an event of a prompt becomes one of the run's job", () => {
  assert.deepEqual(narrate({ type: 'step', node: '57:8', step: 2, steps: 20 }, 4, graph), {
    type: 'sampler-step',
    job: 4,
    node: '57:8',
    step: 2,
    steps: 20,
  })
})

test('a node is told with its class, and its title if it has one', () => {
  assert.deepEqual(narrate({ type: 'node-started', node: '57:8' }, 1, graph), {
    type: 'node-started',
    job: 1,
    node: '57:8',
    classType: 'KSampler',
    title: 'Base sampler',
  })
  assert.deepEqual(narrate({ type: 'node-started', node: '9' }, 1, graph), {
    type: 'node-started',
    job: 1,
    node: '9',
    classType: 'SaveImage',
  })
})
