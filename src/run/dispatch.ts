import type { ComfyServer } from '../comfy/server.ts'
import type { ComfyRunError, ErrorCode } from '../errors.ts'
import type { Job } from '../plan/job.ts'
import { attemptJob } from './attempts.ts'
import { settle, type Settlement } from './journal/settled.ts'
import { limitExitCode, Limits } from './limits.ts'
import type { RunOptions } from './options.ts'
import { Slots } from './slots.ts'
import type { Stop } from './stop.ts'
import type { Tally } from './tally.ts'

/** One prompt runs and one waits: the server is never idle, and little is lost if it goes away. */
const promptsOnServer = 2
/** Jobs whose files are being fetched while the server works on the next ones. */
const jobsBeingSaved = 4

/** Errors that the next job would meet as well. */
const fatalCodes = new Set<ErrorCode>(['server-unreachable', 'server-refused', 'not-comfyui', 'disk-failed'])

/** Why a run ended early, if it did. */
export interface Dispatched {
  /** An error that every other job would have met, too. */
  readonly fatal?: ComfyRunError
  /** Whether `--max-jobs` left jobs for another run. */
  readonly isLimited: boolean
}

/**
 * Runs jobs on one server, in order. One job's failure does not stop the others, unless the halt rule says so; an
 * error that every other job would meet too ends the run. A stop is obeyed: nothing new is begun.
 */
export async function dispatch(
  server: ComfyServer,
  options: RunOptions & { readonly stop: Stop },
  tally: Tally,
): Promise<Dispatched> {
  const { stop, halt, sink } = options
  const limits = new Limits(options.limits ?? {})
  const onServer = new Slots(promptsOnServer)
  const inHand = new Slots(promptsOnServer + jobsBeingSaved)
  const running = new Set<Promise<void>>()
  let begun = 0
  let isLimited = false
  const ended = { done: 0, failed: 0, jobs: options.count }
  let fatal: ComfyRunError | undefined
  const carry = async (job: Job, pending: Settlement): Promise<void> => {
    const before = pending.action === 'look-up' ? pending : undefined
    const { finished, error } = await attemptJob(server, job, options, onServer, before)
    tally.add(finished)
    sink(finished)
    if (error && fatalCodes.has(error.code)) fatal ??= error
    if (finished.status === 'done') ended.done += 1
    else if (finished.status !== 'cancelled') ended.failed += 1
    const level = halt?.decide(ended) ?? 'go'
    if (level !== 'go') stop.raise(level, `--halt ${halt?.text}`)
  }
  const stopDeadline = limits.startDeadline((reason) => stop.raise('drain', reason, limitExitCode))
  for await (const job of options.jobs) {
    const settlement = await settle(options.journal?.entryOf(job), options.out, {
      ...options.resume,
      rehearsal: server.capabilities.rehearsal,
    })
    if (settlement.action === 'skip') {
      const isDone = settlement.reason === 'done'
      tally.skip(isDone ? undefined : settlement.code)
      sink({
        type: 'job-skipped',
        job: job.index,
        name: job.name,
        reason: settlement.reason,
        files: isDone ? settlement.files : [],
      })
      continue
    }
    const leaveHand = await inHand.take()
    await onServer.free()
    isLimited = limits.jobLimitReached(begun)
    if (isLimited || fatal || stop.level !== 'go') break
    begun += 1
    const carried = carry(job, settlement).finally(() => {
      leaveHand()
      running.delete(carried)
    })
    running.add(carried)
  }
  await Promise.all(running)
  stopDeadline()
  return { isLimited, ...(fatal && { fatal }) }
}
