import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelPaths } from '../../../src/workflow/roles/model-paths.ts'
import { RoleGraph } from '../../../src/workflow/roles/role-graph.ts'
import { fixture } from '../helpers.ts'

const paths = (name: string) => modelPaths(new RoleGraph(fixture(name)))

test('the loaders of a model and the LoRAs on its way, from the model on', () => {
  assert.deepEqual(paths('ksampler'), [{ loaders: ['4'], loras: [] }])
  const [path] = paths('controlnet-combine-lora')
  assert.deepEqual(path?.loaders, ['4'])
  assert.equal(path.loras.length, 1)
  assert.deepEqual(paths('model-merge')[0]?.loaders, ['4', '51'])
})

test('a refiner has no way of its own; a workflow without a sampler has none', () => {
  assert.deepEqual(
    paths('refiner').map(({ loaders }) => loaders),
    [['4']],
  )
  assert.deepEqual(paths('upscale-only'), [])
})
