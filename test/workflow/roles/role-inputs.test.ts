import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { roleInputs } from '../../../src/workflow/roles/role-inputs.ts'
import type { Role } from '../../../src/workflow/roles/role-names.ts'
import { addresses, fixture, graph } from '../helpers.ts'
import type { Workflow } from '../../../src/workflow/workflow.ts'

function inputs(workflow: Workflow, role: Role): string {
  return addresses((roleInputs(workflow).roles.get(role) ?? []).flatMap(({ found }) => found.inputs))
}

const save: readonly [string, JsonObject] = ['SaveImage', { filename_prefix: 'a', images: ['1', 0] }]

test('samplers come before nodes that make something by themselves', () => {
  const usual = fixture('ksampler')
  const both = {
    ...usual,
    nodes: new Map([
      ...usual.nodes,
      ...graph({ 30: ['Partner', { prompt: 'a', seed: 1 }], 31: ['SaveImage', { images: ['30', 0] }] }).nodes,
    ]),
  }
  assert.equal(inputs(both, 'seed'), '3.seed')
  assert.deepEqual(
    roleInputs(both).makers.map(({ maker }) => maker),
    ['3'],
  )
  const partner = graph({ 1: ['Partner', { prompt: 'a', seed: 1, n: 2, guidance: 3 }], 9: save })
  assert.deepEqual(
    ['seed', 'batch', 'cfg'].map((role) => inputs(partner, role as Role)),
    ['1.seed', '1.n', '1.guidance'],
  )
})

test('every frame rate, except that by which a video is loaded', () => {
  const workflow = graph({
    1: ['CreateVideo', { fps: 16, images: ['2', 0] }],
    2: ['Condition', { frame_rate: 25, video: ['3', 0] }],
    3: ['VHS_LoadVideo', { video: 'a.mp4', fps: 8 }],
    9: ['SaveVideo', { filename_prefix: 'a', video: ['1', 0] }],
  })
  assert.equal(inputs(workflow, 'fps'), '1.fps 2.frame_rate')
  assert.equal(inputs(workflow, 'video'), '3.video')
})

test('files are numbered in the order of their use', () => {
  const workflow = graph({
    1: ['Stitch', { image1: ['2', 0], image2: ['3', 0] }],
    2: ['LoadImage', { image: 'b.png' }],
    3: ['LoadImage', { image: 'a.png' }],
    9: save,
  })
  assert.deepEqual(
    (['image', 'image2', 'image3'] as const).map((role) => inputs(workflow, role)),
    ['2.image', '3.image', ''],
  )
})

test('the size of what only works on images is that which it is scaled to', () => {
  const workflow = graph({
    1: ['ImageScale', { width: 4, height: 4, image: ['2', 0] }],
    2: ['LoadImage', { image: 'a' }],
    9: save,
  })
  assert.equal(inputs(workflow, 'width'), '1.width')
  assert.equal(inputs(fixture('upscale-only'), 'width'), '')
})

test('every prefix, of nodes that no output needs too', () => {
  assert.equal(inputs(fixture('ksampler'), 'prefix'), '9.filename_prefix')
})
