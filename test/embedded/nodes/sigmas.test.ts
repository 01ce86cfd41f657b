import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linked } from '../../../src/embedded/nodes/values.ts'
import { node } from './helpers.ts'
import { runGraph, serverFolders } from './run-graph.ts'

test('courses are planned and split', async (t) => {
  const run = await runGraph(
    {
      c: node('CheckpointLoaderSimple', { ckpt_name: 'x' }),
      basic: node('BasicScheduler', { model: ['c', 0], scheduler: 'beta', steps: 8, denoise: 0.5 }),
      none: node('BasicScheduler', { model: ['c', 0], scheduler: 'beta', steps: 8, denoise: 0 }),
      karras: node('KarrasScheduler', { steps: 10, sigma_max: 14, sigma_min: 0.1, rho: 7 }),
      split: node('SplitSigmas', { sigmas: ['karras', 0], step: 4 }),
      beyond: node('SplitSigmas', { sigmas: ['karras', 0], step: 400 }),
      last: node('SplitSigmasDenoise', { sigmas: ['karras', 0], denoise: 0.3 }),
    },
    await serverFolders(t),
  )
  const course = (id: string, slot = 0) => {
    const { scheduler, steps, denoise } = linked('sigmas', run.results.get(id)?.outputs[slot])
    return [scheduler, steps, Math.round(denoise * 100) / 100]
  }
  assert.deepEqual(
    [
      course('basic'),
      course('none'),
      course('karras'),
      course('split'),
      course('split', 1),
      course('beyond', 1),
      course('last', 1),
    ],
    [
      ['beta', 8, 0.5],
      ['beta', 0, 0],
      ['karras', 10, 1],
      ['karras', 4, 1],
      ['karras', 6, 0.6],
      ['karras', 0, 0],
      ['karras', 3, 0.3],
    ],
  )
})
