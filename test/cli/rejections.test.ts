import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const image = (inputs: object = {}) => ({
  class_type: 'EmptyImage',
  inputs: { width: 32, height: 32, batch_size: 1, color: 0, ...inputs },
  _meta: { title: 'Canvas' },
})
const save = (images: unknown, more: object = {}) => ({
  class_type: 'SaveImage',
  inputs: { filename_prefix: 'a', images, ...more },
  _meta: { title: 'My save' },
})
const sampler = (inputs: object) => ({
  class_type: 'KSampler',
  inputs: {
    seed: 1,
    steps: 1,
    cfg: 1,
    sampler_name: 'euler',
    scheduler: 'normal',
    denoise: 1,
    model: ['4', 0],
    positive: ['6', 0],
    negative: ['6', 0],
    latent_image: ['5', 0],
    ...inputs,
  },
  _meta: { title: 'Base' },
})
const sampled = (inputs: object) => ({
  3: sampler(inputs),
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdXL_v10VAEFix.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: 'fox', clip: ['4', 1] } },
  8: { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  9: save(['8', 0]),
})

/** A graph that is refused, by the kind of fault, and the words that the message must hold. */
const refused: readonly (readonly [string, object, readonly string[]])[] = [
  [
    'a class that the server lacks',
    { 1: { class_type: 'NoSuchNode', inputs: {} }, 9: save(['1', 0]) },
    ['node 1', 'NoSuchNode', 'custom node'],
  ],
  ['no output', { 1: image() }, ['no output node', 'SaveImage']],
  [
    'a missing input',
    { 9: { class_type: 'SaveImage', inputs: { images: ['1', 0] } }, 1: image() },
    ['node 9', 'SaveImage', '"filename_prefix"', 'missing'],
  ],
  [
    'a link that is none',
    { 1: image(), 9: save(['1']) },
    ['node 9 "My save" (SaveImage)', '"images"', '["1"]'],
  ],
  [
    'an output of the wrong type',
    {
      4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sdXL_v10VAEFix.safetensors' } },
      9: save(['4', 0]),
    },
    ['node 9 "My save"', '"images"', 'IMAGE', 'MODEL', 'node 4'],
  ],
  [
    'a value of the wrong kind',
    { 1: image({ width: 'wide' }), 9: save(['1', 0]) },
    ['node 1 "Canvas" (EmptyImage)', '"width"', '"wide"', 'INT'],
  ],
  [
    'a value that is too small',
    { 1: image({ width: 0 }), 9: save(['1', 0]) },
    ['node 1 "Canvas"', '"width"', '0 is too small', 'at least 1'],
  ],
  [
    'a value that is too large',
    sampled({ steps: 20_000 }),
    ['node 3 "Base" (KSampler)', '"steps"', '20000 is too large', '10000'],
  ],
  [
    'a value that is not in the list',
    sampled({ scheduler: 'karas' }),
    ['node 3 "Base"', '"scheduler"', '"karas"', 'normal', 'did you mean "karras"'],
  ],
  [
    'a value that is not in a list of more than 20',
    sampled({ sampler_name: 'eulr' }),
    ['node 3 "Base"', '"sampler_name"', '"eulr"', 'dpmpp_2m', 'did you mean "euler"'],
  ],
  [
    'a file that the server lacks',
    { 1: { class_type: 'LoadImage', inputs: { image: 'no.png' } }, 9: save(['1', 0]) },
    ['node 1', 'LoadImage', '"image"', 'no.png'],
  ],
  [
    'a link to a node that is not there',
    { 9: save(['77', 0]) },
    ['node 9 "My save"', 'node 77', 'does not exist'],
  ],
  [
    'a link to a node that is not there, deeper in',
    sampled({ model: ['77', 0] }),
    ['node 3 "Base"', 'node 77', 'does not exist'],
  ],
  [
    'a link to an output that is not there',
    { 1: image(), 9: save(['1', 5]) },
    ['node 9 "My save"', 'output'],
  ],
  [
    'a loop',
    {
      1: { class_type: 'ImageInvert', inputs: { image: ['2', 0] } },
      2: { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
      9: save(['1', 0]),
    },
    ['loop', 'node 1', 'node 2'],
  ],
  [
    'several faults',
    { 1: image({ width: 0, height: 'x' }), 9: save(['1', 0]) },
    ['2 faults', '"width"', '"height"'],
  ],
]
for (const [fault, graph, words] of refused) {
  test(`${fault}: exit 5, and the message says where and why`, async (t) => {
    const server = await startRig(t)
    await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
    const run = await comfyRun(t, ['run', 'graph.json', '--server', server.url])
    assertExit(run, 5)
    for (const word of words) assert.ok(run.stderr.includes(word), `"${word}" is not in:\n${run.stderr}`)
    assert.equal(server.promptsRun, 0)
  })
}
