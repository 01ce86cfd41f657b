import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import { parseHalt } from '../../src/run/halt.ts'
import { needsNoMessages } from '../../src/run/needs-no-messages.ts'
import { parseWorkflow } from '../../src/workflow/parse.ts'

const jobOf = (graph: ApiGraph) => ({ workflow: parseWorkflow(JSON.stringify(graph), 'x') })
const invert = jobOf({
  1: { class_type: 'LoadImage', inputs: { image: 'a.png' } },
  2: { class_type: 'ImageInvert', inputs: { image: ['1', 0] } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'a' } },
})
const unwatched = { nodeEvents: false, halt: parseHalt('never') }

test('a job of milliseconds that only changes images, and that nobody watches, needs no messages', () => {
  assert.equal(needsNoMessages(invert, unwatched, 0.004), true)
  assert.equal(needsNoMessages(invert, { nodeEvents: false }, 0.049), true)
})

test('a job that could be seen, or of which nothing is known yet, does', () => {
  assert.equal(needsNoMessages(invert, unwatched, 0.05), false)
  assert.equal(needsNoMessages(invert, unwatched, undefined), false)
})

test('whoever wants to know of nodes, previews, silence or failures gets the messages', () => {
  const wishes = [
    { nodeEvents: undefined },
    { savePreviews: true },
    { timeout: 5 },
    { stall: 5 },
    { halt: parseHalt('now,fail=1') },
  ]
  for (const wish of wishes) assert.equal(needsNoMessages(invert, { ...unwatched, ...wish }, 0.004), false)
})

test('a job that samples does, however quick the others were; its base is asked, if it has one', () => {
  const inputs = { seed: 1, steps: 4, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 }
  const sampler = jobOf({ 1: { class_type: 'KSampler', inputs } })
  assert.equal(needsNoMessages(sampler, unwatched, 0.004), false)
  assert.equal(needsNoMessages({ ...invert, base: sampler.workflow }, unwatched, 0.004), false)
})
