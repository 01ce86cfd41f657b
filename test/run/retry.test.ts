import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError, errorCodes, type ErrorCode } from '../../src/errors.ts'
import { Retries } from '../../src/run/retry.ts'

const failure = (code: ErrorCode, cause?: unknown): ComfyRunError =>
  new ComfyRunError(code, 'failed', { cause })
/** The longest jitter. */
const latest = (): number => 1

test('only what may pass is tried again', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[]
  const retried = codes.filter((code) => new Retries().after(failure(code)) !== undefined)
  assert.deepEqual(retried.toSorted(), [
    'damaged-file',
    'download-failed',
    'job-lost',
    'job-stalled',
    'out-of-memory',
    'output-gone',
    'server-stuck',
    'server-unreachable',
  ])
})

test('a job is tried again as often as allowed, by default twice', () => {
  const tries = (limit?: number): number => {
    const retries = new Retries(limit)
    while (retries.after(failure('server-unreachable'))) assert.ok(retries.count < 100)
    return retries.count
  }
  assert.deepEqual([tries(), tries(0), tries(5)], [2, 0, 5])
})

test('out of memory: once, after the server was asked to free it', () => {
  const retries = new Retries(5, latest)
  assert.deepEqual(retries.after(failure('out-of-memory')), { delay: 2000, freeMemory: true, lookUp: false })
  assert.equal(retries.after(failure('out-of-memory')), undefined)
  assert.ok(retries.after(failure('server-unreachable')), 'another cause is still tried again')
})

test('out of memory after a network fault is still tried again once', () => {
  const retries = new Retries(2)
  assert.ok(retries.after(failure('server-unreachable')))
  assert.ok(retries.after(failure('out-of-memory')))
  assert.equal(retries.after(failure('server-unreachable')), undefined)
})

test('what failed on the way is looked up first; what the server has forgotten is not', () => {
  const lookUp = (code: ErrorCode): boolean | undefined => new Retries().after(failure(code))?.lookUp
  assert.equal(lookUp('server-unreachable'), true)
  assert.equal(lookUp('download-failed'), true)
  assert.equal(lookUp('job-lost'), false)
})

test('each wait is drawn from twice as long a time, up to a minute', () => {
  const delays = (random: () => number): (number | undefined)[] => {
    const retries = new Retries(8, random)
    return Array.from({ length: 8 }, () => retries.after(failure('server-unreachable'))?.delay)
  }
  assert.deepEqual(
    delays(() => 1),
    [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000],
  )
  assert.deepEqual(new Set(delays(() => 0)), new Set([0]))
  assert.equal(delays(() => 0.5)[1], 2000)
})

test('what the server asks for is waited for in any case, within reason', () => {
  const busy = (retryAfter: number): number | undefined =>
    new Retries(1, () => 0).after(failure('not-comfyui', { status: 429, retryAfter }))?.delay
  assert.equal(busy(30), 30_000)
  assert.equal(busy(86_400), 600_000)
  assert.equal(new Retries(1, latest).after(failure('server-unreachable', { retryAfter: 5 }))?.delay, 7000)
})

test('an upload is tried again if the network failed it, not if the server refused it', () => {
  const cut = Object.assign(new Error('cut'), { code: 'ECONNRESET' })
  const deep = new Error('fetch failed', { cause: cut })
  const unreadable = Object.assign(new Error('gone'), { code: 'ENOENT' })
  assert.ok(new Retries().after(failure('upload-failed', cut)))
  assert.ok(new Retries().after(failure('upload-failed', deep)))
  assert.ok(new Retries().after(failure('upload-failed', failure('server-unreachable'))))
  assert.equal(new Retries().after(failure('upload-failed', unreadable)), undefined)
  assert.equal(new Retries().after(failure('upload-failed')), undefined)
})
