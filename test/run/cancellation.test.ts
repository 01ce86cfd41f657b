import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../../src/comfy/outcome.ts'
import type { SubmittedPrompt } from '../../src/comfy/prompts.ts'
import { ComfyRunError } from '../../src/errors.ts'
import { finishOrCancel } from '../../src/run/cancellation.ts'
import { Stop } from '../../src/run/stop.ts'

const none = new AbortController().signal

const done: Outcome = { status: 'done', files: [], socketImages: [], texts: [], cached: false }
const never = new Promise<void>(() => {})

/** A prompt that ends when it is told to, or is cancelled when that is asked for. */
function prompt(): {
  readonly prompt: SubmittedPrompt
  readonly cancels: () => number
  readonly end: () => void
} {
  let decide: (outcome: Outcome) => void = () => {}
  let cancels = 0
  const finished = new Promise<Outcome>((resolve) => {
    decide = resolve
  })
  return {
    prompt: {
      promptId: 'id',
      finished,
      cancel: async () => {
        cancels += 1
        decide({ ...done, status: 'cancelled' })
      },
    },
    cancels: () => cancels,
    end: () => decide(done),
  }
}

test('a prompt that ends by itself is not touched', async () => {
  const { prompt: one, cancels, end } = prompt()
  end()
  const outcome = await finishOrCancel({
    prompt: one,
    stop: new Stop(),
    limits: undefined,
    left: none,
    started: never,
  })
  assert.deepEqual([outcome.status, cancels()], ['done', 0])
})

test('cancelling ends a running prompt; draining does not', async () => {
  const { prompt: one, cancels } = prompt()
  const stop = new Stop()
  const finished = finishOrCancel({
    prompt: one,
    stop,
    limits: undefined,
    left: none,
    started: Promise.resolve(),
  })
  await Promise.resolve()
  stop.raise('drain', 'Ctrl-C')
  assert.equal(cancels(), 0)
  stop.raise('cancel', 'Ctrl-C')
  assert.equal((await finished).status, 'cancelled')
})

test('draining takes back a prompt that waits', async () => {
  const { prompt: one } = prompt()
  const stop = new Stop()
  const finished = finishOrCancel({ prompt: one, stop, limits: undefined, left: none, started: never })
  stop.raise('drain', 'Ctrl-C')
  assert.equal((await finished).status, 'cancelled')
})

test('a prompt that is queued while the run is being cancelled is cancelled, too', async () => {
  const { prompt: one } = prompt()
  const stop = new Stop()
  stop.raise('cancel', 'Ctrl-C')
  const outcome = await finishOrCancel({ prompt: one, stop, limits: undefined, left: none, started: never })
  assert.equal(outcome.status, 'cancelled')
})

test('a prompt that takes too long is cancelled, and fails with the reason', async () => {
  const { prompt: one, cancels } = prompt()
  const limits = new AbortController()
  const reason = new ComfyRunError('job-timed-out', 'too long')
  const finished = finishOrCancel({
    prompt: one,
    stop: new Stop(),
    limits: limits.signal,
    left: none,
    started: Promise.resolve(),
  })
  limits.abort(reason)
  const { status, error } = await finished
  assert.deepEqual([status, error, cancels()], ['failed', reason, 1])
})

test('when its server has trouble, a prompt is taken back only if it still waits', async () => {
  const reason = new ComfyRunError('job-lost', 'taken back')
  for (const [started, expected] of [
    [never, 'failed'],
    [Promise.resolve(), 'done'],
  ] as const) {
    const { prompt: one, end } = prompt()
    const left = new AbortController()
    const finished = finishOrCancel({
      prompt: one,
      stop: new Stop(),
      limits: undefined,
      left: left.signal,
      started,
    })
    await Promise.resolve()
    left.abort(reason)
    end()
    assert.equal((await finished).status, expected)
  }
})

test('a server that does not stop a prompt is not waited for longer than the run has patience', async () => {
  const deaf: SubmittedPrompt = { promptId: 'id', finished: new Promise(() => {}), cancel: async () => {} }
  const stop = new Stop()
  const finished = finishOrCancel({
    prompt: deaf,
    stop,
    limits: undefined,
    left: none,
    patience: 0,
    started: never,
  })
  stop.raise('cancel', 'Ctrl-C')
  assert.match((await finished).error?.message ?? '', /did not in time/)
})

test('what has ended is heard of no more: neither stop nor signals keep it', async () => {
  const { prompt: one, cancels, end } = prompt()
  const stop = new Stop()
  const limits = new AbortController()
  const left = new AbortController()
  const finished = finishOrCancel({
    prompt: one,
    stop,
    limits: limits.signal,
    left: left.signal,
    started: Promise.resolve(),
  })
  end()
  assert.equal((await finished).status, 'done')
  limits.abort()
  left.abort()
  stop.raise('cancel', 'Ctrl-C')
  assert.equal(cancels(), 0)
})
