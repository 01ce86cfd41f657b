import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lostOutcome, outcomeOf, type Known } from '../../src/comfy/outcome.ts'
import type { ApiGraph } from '../../src/protocol/graph.ts'
import type { PromptRecord } from '../../src/protocol/history.ts'

const graph: ApiGraph = {
  '3': { class_type: 'KSampler', inputs: {}, _meta: { title: 'Sampler' } },
  '9': { class_type: 'SaveImage', inputs: {} },
  '10': { class_type: 'SaveImage', inputs: {}, _meta: { title: 'Second' } },
  w: { class_type: 'SaveImageWebsocket', inputs: {} },
  p: { class_type: 'PreviewAny', inputs: {} },
}
const picture = { node: 'w', format: 'png', bytes: Uint8Array.from([1]) } as const
const nothing: Known = { graph, socketImages: [], droppedImages: 0, blocked: [], dropped: [] }
const output = (filename: string, type = 'output') => ({ images: [{ filename, subfolder: '', type }] })

function record(more: Partial<PromptRecord>): PromptRecord {
  return { status: 'success', outputs: { '9': output('a.png') }, cached: [], accepted: ['9'], ...more }
}

test('a success with its files; input files are none', () => {
  const outputs = { '9': output('a.png'), '10': output('b.png', 'temp'), p: output('c.png', 'input') }
  const outcome = outcomeOf(record({ outputs, accepted: ['9', '10', 'p'] }), nothing)
  assert.equal(outcome.status, 'done')
  assert.deepEqual(
    outcome.files.map(({ filename }) => filename),
    ['a.png', 'b.png'],
  )
})

test('success without any output is none', () => {
  const outcome = outcomeOf(record({ outputs: {} }), nothing) // pitfall 9
  assert.equal(outcome.status, 'failed')
  assert.equal(outcome.error?.code, 'no-output')
})

test('success with one saving node silent', () => {
  const outcome = outcomeOf(record({ accepted: ['9', '10'] }), nothing)
  assert.equal(outcome.error?.code, 'output-missing')
  assert.match(outcome.error.message, /node 10 "Second" \(SaveImage\)$/)
  assert.equal(outcome.files.length, 1)
})

test('a silent node that need not save anything is no fault', () => {
  assert.equal(outcomeOf(record({ accepted: ['9', 'p'] }), nothing).status, 'done')
})

test('why an output may be missing: a node was blocked', () => {
  const outcome = outcomeOf(record({ outputs: {} }), { ...nothing, blocked: ['no face found'] })
  assert.match(outcome.error?.hint ?? '', /no face found/)
})

test('SaveImageWebsocket is not in the record: its pictures count', () => {
  const sent = record({ outputs: {}, accepted: ['w'] })
  assert.equal(outcomeOf(sent, { ...nothing, socketImages: [picture] }).status, 'done')
  assert.equal(outcomeOf(sent, nothing).status, 'failed')
  const both = record({ accepted: ['9', 'w'] })
  assert.equal(outcomeOf(both, nothing).error?.code, 'output-missing')
})

test('cached: every output node was', () => {
  const cachedOf = (more: Partial<PromptRecord>): boolean => outcomeOf(record(more), nothing).cached
  assert.equal(cachedOf({ cached: ['3', '9'] }), true) // pitfall 22
  assert.equal(cachedOf({ cached: ['3'] }), false)
  assert.equal(cachedOf({ cached: [] }), false)
  assert.equal(cachedOf({ cached: ['9'], accepted: undefined }), true)
  assert.equal(
    cachedOf({ cached: ['9'], outputs: { '9': output('a'), '10': output('b') }, accepted: ['9', '10'] }),
    false,
  )
  assert.equal(cachedOf({ cached: [], outputs: {}, accepted: [] }), false)
})

test('a failed node: label, words, kind, further lines', () => {
  const failure = {
    node: '3',
    classType: 'KSampler',
    exceptionType: 'torch.cuda.SomeError',
    message: 'first\nsecond',
  }
  const { status, error, files } = outcomeOf(record({ status: 'error', failure }), nothing)
  assert.equal(status, 'failed')
  assert.equal(error?.code, 'node-failed')
  assert.equal(error.message, 'node 3 "Sampler" (KSampler) failed: first [SomeError]')
  assert.deepEqual(error.details, ['second'])
  assert.equal(files.length, 1)
})

test('out of memory, by type or by words', () => {
  const codeOf = (exceptionType: string, message: string): string | undefined =>
    outcomeOf(
      record({ status: 'error', failure: { node: '3', classType: 'K', exceptionType, message } }),
      nothing,
    ).error?.code
  assert.equal(codeOf('torch.OutOfMemoryError', 'x'), 'out-of-memory')
  assert.equal(codeOf('RuntimeError', 'CUDA error: out of memory'), 'out-of-memory')
  assert.equal(codeOf('RuntimeError', "DefaultCPUAllocator: can't allocate memory"), 'out-of-memory')
  assert.equal(codeOf('RuntimeError', 'shape mismatch'), 'node-failed')
})

test('a failure of a node that the graph does not have, and one without a reason', () => {
  const failure = { node: '99', classType: 'Ghost', exceptionType: 'E', message: '' }
  assert.equal(
    outcomeOf(record({ status: 'error', failure }), nothing).error?.message,
    'node 99 (Ghost) failed: E [E]',
  )
  assert.match(outcomeOf(record({ status: 'error' }), nothing).error?.message ?? '', /does not say why/)
})

test('an interruption keeps what was saved before', () => {
  const { status, error, files } = outcomeOf(record({ status: 'interrupted' }), nothing)
  assert.deepEqual([status, error?.code, files.length], ['cancelled', 'job-cancelled', 1])
})

test('dropped outputs make a failure, but one of a node comes first', () => {
  const dropped = [
    { node: '10', classType: 'SaveImage', type: 't', message: 'bad', details: 'width', extra: {} },
  ]
  const outcome = outcomeOf(record({}), { ...nothing, dropped }) // pitfall 1
  assert.equal(outcome.error?.code, 'output-dropped')
  assert.deepEqual(outcome.error.details, ['node 10 "Second" (SaveImage): bad (width)'])
  assert.equal(outcomeOf(record({ status: 'error' }), { ...nothing, dropped }).error?.code, 'node-failed')
})

test('a prompt that vanished: by us, or not', () => {
  assert.equal(lostOutcome(nothing, true).error?.code, 'job-cancelled')
  assert.equal(lostOutcome(nothing, true).status, 'cancelled')
  assert.equal(lostOutcome(nothing, false).error?.code, 'job-lost')
  assert.equal(lostOutcome({ ...nothing, socketImages: [picture] }, false).socketImages.length, 1)
})

test('images over the socket that were not kept are a failure', () => {
  const outcome = outcomeOf(record({}), { ...nothing, droppedImages: 2 })
  assert.equal(outcome.status, 'failed')
  assert.equal(outcome.error?.code, 'too-many-files')
})
