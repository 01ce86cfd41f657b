import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from '../comfy/outcome.ts'
import type { SubmittedPrompt } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import type { Stop } from './stop.ts'

/** How long a server may take to stop a prompt before we go without its word, in milliseconds. */
const patience = 30_000

/** A prompt under way, as the ways to end it early see it. */
export interface Cancellable {
  readonly prompt: SubmittedPrompt
  readonly stop: Stop | undefined
  /** Seconds that it may run. */
  readonly timeout: number | undefined
  /** Resolves when the server has begun to work on it. */
  readonly started: Promise<void>
}

/**
 * Waits for a prompt's end, and brings it about if the user stops the run or the prompt takes too long. A
 * prompt that still waits in the queue is also taken back when the run only drains.
 */
export async function finishOrCancel({ prompt, stop, timeout, started }: Cancellable): Promise<Outcome> {
  const ended = new AbortController()
  let hasStarted = false
  let isTimedOut = false
  const cancelled = new Promise<void>((resolve) => {
    const cancel = (): void => {
      // A failed request changes nothing: the prompt's end is awaited, and given up after a while.
      prompt.cancel().catch(() => {})
      resolve()
    }
    const obey = (): void => {
      if (stop?.level === 'cancel' || (stop?.level === 'drain' && !hasStarted)) cancel()
    }
    const release = stop?.onRise(obey)
    ended.signal.addEventListener('abort', () => release?.())
    obey()
    void started.then(async () => {
      hasStarted = true
      if (timeout === undefined) return
      await delay(timeout * 1000, undefined, { signal: ended.signal }).then(
        () => {
          isTimedOut = true
          cancel()
        },
        () => {},
      )
    })
  })
  const givenUp = cancelled
    .then(async () => delay(patience, undefined, { signal: ended.signal }))
    .then(() => unstoppable)
  givenUp.catch(() => {})
  const outcome = await Promise.race([prompt.finished, givenUp])
  ended.abort()
  return isTimedOut && outcome.status === 'cancelled' ? timedOut(outcome, timeout) : outcome
}

const unstoppable: Outcome = {
  status: 'cancelled',
  files: [],
  socketImages: [],
  texts: [],
  cached: false,
  error: new ComfyRunError('job-cancelled', 'the server was asked to stop the job, but did not in time', {
    hint: 'it may still be running there: look at its queue, or restart the server',
  }),
}

function timedOut(outcome: Outcome, timeout: number | undefined): Outcome {
  const error = new ComfyRunError(
    'job-timed-out',
    `the job ran longer than --timeout ${timeout} and was stopped`,
  )
  return { ...outcome, status: 'failed', error }
}
