import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { RunEvent } from '../../src/events.ts'
import { folderOf } from '../rig/folder.ts'
import { assertExit, comfyRun, startRig } from '../rig/rig.ts'

const models = ['flux1-dev.safetensors', 'flux1-schnell.safetensors']

/** The embedded server has one checkpoint, but two models of this kind. */
const graph = {
  1: { class_type: 'UNETLoader', inputs: { unet_name: models[0], weight_dtype: 'default' } },
  2: {
    class_type: 'DualCLIPLoader',
    inputs: { clip_name1: 't5xxl_fp16.safetensors', clip_name2: 'clip_l.safetensors', type: 'flux' },
  },
  3: { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['2', 0] } },
  4: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  5: {
    class_type: 'KSampler',
    inputs: {
      model: ['1', 0],
      positive: ['3', 0],
      negative: ['3', 0],
      latent_image: ['4', 0],
      seed: 1,
      steps: 1,
      cfg: 1,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
  6: { class_type: 'VAELoader', inputs: { vae_name: 'ae.safetensors' } },
  7: { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['6', 0] } },
  8: { class_type: 'SaveImage', inputs: { images: ['7', 0], filename_prefix: 'x' } },
}

/** Runs 40 rows that alternate between two models. Resolves to what happened. */
async function alternate(t: TestContext, ...more: readonly string[]): Promise<RunEvent[]> {
  // So slow that no more than two are on their way: of several that are posted together any may come first.
  const server = await startRig(t, { stepMilliseconds: 50 })
  const rows = Array.from({ length: 40 }, (_, index) => `fox ${index},${models[index % 2]}`)
  await writeFile(join(folderOf(t), 'shots.csv'), ['prompt,model', ...rows].join('\n'))
  await writeFile(join(folderOf(t), 'graph.json'), JSON.stringify(graph))
  const small = ['--workflow', 'graph.json', '-o', 'out', '--json']
  const run = await comfyRun(t, ['batch', 'shots.csv', '--server', server.url, ...small, ...more])
  assertExit(run, 0)
  return run.stdout
    .trim()
    .split('\n')
    .map((line): RunEvent => JSON.parse(line))
}

function loads(events: readonly RunEvent[]): number {
  return events.filter((event) => event.type === 'node-started' && event.classType === 'UNETLoader').length
}

function order(events: readonly RunEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'job-submitted' ? [event.job] : []))
}

test('jobs of one model are run together, so that it is loaded once', async (t) => {
  const events = await alternate(t)
  assert.equal(loads(events), 2)
  const modelOf = (job: number): number => (job + 1) % 2
  assert.deepEqual(order(events).map(modelOf), [...Array(20).fill(0), ...Array(20).fill(1)])
})

test('--keep-order runs them as they stand', async (t) => {
  const events = await alternate(t, '--keep-order')
  assert.equal(loads(events), 40)
  assert.deepEqual(
    order(events),
    Array.from({ length: 40 }, (_, index) => index + 1),
  )
})
