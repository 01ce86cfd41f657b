import type { Outcome } from '../comfy/outcome.ts'
import type { SubmittedPrompt } from '../comfy/prompts.ts'
import { ComfyRunError } from '../errors.ts'
import type { Stop } from './stop.ts'

/** How long a server may take to stop a prompt before we go without its word, in milliseconds, at most. */
const longestPatience = 30_000

/** A prompt under way, as the ways to end it early see it. */
export interface Cancellable {
  readonly prompt: SubmittedPrompt
  readonly stop: Stop | undefined
  /** Aborted, with the error that the job then has, when it has taken too long. Undefined: it may take as long as it likes. */
  readonly limits: AbortSignal | undefined
  /** Aborted when the server gets no more jobs: a prompt that still waits there is taken back. */
  readonly left: AbortSignal
  /** Seconds that the run waits for a server that does not answer: no longer for one that does not stop. */
  readonly patience?: number
  /** Resolves when the server has begun to work on it. */
  readonly started: Promise<void>
}

/**
 * Waits for a prompt's end, and brings it about if the user stops the run or the prompt takes too long. A
 * prompt that still waits in the queue is also taken back when the run only drains, or its server has left.
 */
export async function finishOrCancel(cancellable: Cancellable): Promise<Outcome> {
  const { prompt, stop, limits, left, started, patience = Infinity } = cancellable
  const wait = Math.min(longestPatience, patience * 1000)
  const signals = limits ? [limits, left] : [left]
  let hasStarted = false
  let timer: NodeJS.Timeout | undefined
  let giveUp = (): void => {}
  const givenUp = new Promise<Outcome>((resolve) => {
    giveUp = () => resolve(unstoppable)
  })
  const obey = (): void => {
    const isTakenBack = !hasStarted && (left.aborted || stop?.level === 'drain')
    if (stop?.level !== 'cancel' && !limits?.aborted && !isTakenBack) return
    // A failed request changes nothing: the prompt's end is awaited, and given up after a while.
    prompt.cancel().catch(() => {})
    timer ??= setTimeout(giveUp, wait)
  }
  void started.then(() => {
    hasStarted = true
  })
  // Not ended by an AbortController: to abort one makes an error with its stack, for each job.
  const release = stop?.onRise(obey)
  for (const signal of signals) signal.addEventListener('abort', obey)
  obey()
  const outcome = await Promise.race([prompt.finished, givenUp])
  for (const signal of signals) signal.removeEventListener('abort', obey)
  release?.()
  clearTimeout(timer)
  const reason: unknown = limits?.aborted ? limits.reason : !hasStarted && left.reason
  if (outcome === unstoppable && isStall(limits?.reason))
    return { ...outcome, status: 'failed', error: stuck }
  const isOurs = outcome.status === 'cancelled' && (!stop || stop.level === 'go' || limits?.aborted)
  return isOurs && reason instanceof ComfyRunError ? { ...outcome, status: 'failed', error: reason } : outcome
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

/** A server that neither works nor stops: its worker is dead (pitfall 43). */
const stuck = new ComfyRunError(
  'server-stuck',
  'the server is stuck: it neither works on the job nor stops it',
  {
    hint: 'restart it',
  },
)

function isStall(reason: unknown): boolean {
  return reason instanceof ComfyRunError && reason.code === 'job-stalled'
}
