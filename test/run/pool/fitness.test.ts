import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComfyServer } from '../../../src/comfy/server.ts'
import type { Job } from '../../../src/plan/job.ts'
import type { JsonObject } from '../../../src/protocol/json.ts'
import { Fitness } from '../../../src/run/pool/fitness.ts'
import { settled } from './fake-server.ts'

const classes: Readonly<Record<string, JsonObject>> = {
  Loader: { ckpt_name: [['a.safetensors', 'b.safetensors']], steps: ['INT', { max: 5 }] },
  LoadImage: { image: [['x.png'], { image_upload: true }] },
}

/** Whether a server with these classes has what a node needs. */
async function fits(classType: string, inputs: JsonObject, known = true): Promise<boolean | undefined> {
  const server: Pick<ComfyServer, 'nodeClass'> = {
    nodeClass: async (name) => {
      if (!known) throw new Error('out of reach')
      const required = classes[name]
      return required && { input: { required }, output: [], name, output_node: false }
    },
  }
  const workflow: Job['workflow'] = { nodes: new Map([['1', { classType, inputs }]]), source: 'x' }
  const job: Job = { index: 1, key: 'k', params: {}, workflow, uploads: [], name: 'x' }
  const fitness = new Fitness(server, () => {})
  assert.equal(fitness.has(job), undefined)
  await settled()
  return fitness.has(job)
}

test('a server must have the class and the model of every node', async () => {
  assert.equal(await fits('Loader', { ckpt_name: 'b.safetensors' }), true)
  assert.equal(await fits('Loader', { ckpt_name: 'c.safetensors' }), false)
  assert.equal(await fits('Unknown', {}), false)
})

test('links, numbers and files of the input folder are no reason to leave a server out', async () => {
  assert.equal(await fits('Loader', { ckpt_name: ['2', 0], steps: 9 }), true)
  assert.equal(await fits('LoadImage', { image: 'sub/y.png [output]' }), true)
})

test('who can not be asked is not left out for that', async () => {
  assert.equal(await fits('Unknown', {}, false), true)
})
