import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComfyRunError } from '../../src/errors.ts'
import { TimeLimits } from '../../src/run/time-limits.ts'

function codeOf({ signal }: TimeLimits): string | undefined {
  const reason: unknown = signal?.reason
  return reason instanceof ComfyRunError ? reason.code : undefined
}

test('the time limit counts from the start of the work, whatever is heard', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const limits = new TimeLimits({ timeout: 5 })
  t.mock.timers.tick(60_000)
  limits.start()
  t.mock.timers.tick(4999)
  limits.heard()
  assert.equal(codeOf(limits), undefined)
  t.mock.timers.tick(1)
  assert.equal(codeOf(limits), 'job-timed-out')
})

test('a limit that has ended changes nothing', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const limits = new TimeLimits({ timeout: 5, stall: 5 })
  limits.start()
  limits.end()
  t.mock.timers.tick(60_000)
  assert.equal(codeOf(limits), undefined)
})

test('silence counts from what was heard last', async () => {
  const limits = new TimeLimits({ stall: 0.001 })
  limits.start()
  limits.heard()
  await new Promise((resolve) => limits.signal?.addEventListener('abort', resolve))
  assert.equal(codeOf(limits), 'job-stalled')
})

test('without a limit there is nothing to be aborted', () => {
  const limits = new TimeLimits({})
  limits.start()
  limits.heard()
  limits.end()
  assert.equal(limits.signal, undefined)
})
