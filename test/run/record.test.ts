import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Capabilities } from '../../src/comfy/capabilities.ts'
import type { Outcome } from '../../src/comfy/outcome.ts'
import type { Job } from '../../src/plan/job.ts'
import { recordOf } from '../../src/run/record.ts'

const outcome: Outcome = { status: 'done', files: [], socketImages: [], texts: [], cached: true }

function job(params: Job['params'], text: string): Job {
  const node = { classType: 'CLIPTextEncode', inputs: { text, clip: ['1', 0] } }
  const loader = { classType: 'UNETLoader', inputs: { unet_name: 'flux\\dev.GGUF', weight_dtype: 'default' } }
  const nodes = new Map<string, typeof node | typeof loader>([
    ['2', node],
    ['1', loader],
  ])
  return { index: 1, key: 'k1', name: 'fox', params, workflow: { source: 'stdin', nodes }, uploads: [] }
}

function record(made: Job, version?: string) {
  const capabilities = { ...(version !== undefined && { version }), rehearsal: true } as Capabilities
  return recordOf(made, outcome, { name: 'http://gpu-box:8188', capabilities }, 1.23456)
}

test('a seed is text, whatever it was, and stands outside of the settings', () => {
  for (const [seed, shown] of [
    [7, '7'],
    [2n ** 64n - 1n, '18446744073709551615'],
    ['7', '7'],
  ] as const) {
    const { seed: found, settings } = record(job({ seed, steps: 4 }, 'a fox'))
    assert.deepEqual([found, settings], [shown, { steps: 4 }])
  }
  assert.ok(!('seed' in record(job({}, 'a fox'))))
})

test('what is not known is left out; times are in milliseconds at most', () => {
  const { server, timings, cached } = record(job({}, 'a fox'))
  assert.deepEqual(server, { name: 'http://gpu-box:8188', rehearsal: true })
  assert.equal((timings as { readonly seconds: number }).seconds, 1.235)
  assert.equal(cached, true)
  assert.deepEqual(record(job({}, 'a fox'), '0.33.0').server, {
    name: 'http://gpu-box:8188',
    comfyui: '0.33.0',
    rehearsal: true,
  })
})

test('models are found in any loader; the hash is that of the graph, and of nothing else', () => {
  const first = record(job({ steps: 4 }, 'a fox'))
  assert.deepEqual(first.models, ['flux\\dev.GGUF'])
  assert.deepEqual(record(job({ steps: 5 }, 'a fox')).workflow, first.workflow)
  assert.notDeepEqual(record(job({ steps: 4 }, 'an owl')).workflow, first.workflow)
})
