import type { ComfyRunError, ErrorCode } from '../errors.ts'
import type { Job } from '../plan/job.ts'
import { attemptJob } from './attempts.ts'
import type { JobRun } from './job.ts'
import { settle, type Settlement } from './journal/settled.ts'
import { limitExitCode, Limits } from './limits.ts'
import type { RunContext } from './options.ts'
import type { Pool } from './pool/pool.ts'
import { Slots } from './slots.ts'
import { Submissions } from './submissions.ts'
import type { Tally } from './tally.ts'

/** Errors that the next job would meet as well, whichever server it went to. */
const fatalCodes = new Set<ErrorCode>(['disk-failed'])

/** Why a run ended early, if it did. */
export interface Dispatched {
  /** An error that every other job would have met, too. */
  readonly fatal?: ComfyRunError
  /** Whether `--max-jobs` left jobs for another run. */
  readonly isLimited: boolean
}

/** What is still to be given out, for the pool to plan the end of the run with. */
export interface Remaining {
  jobs: number
}

/**
 * Runs jobs on the servers of a pool, in order. One job's failure does not stop the others, unless the halt rule says
 * so; an error that every other job would meet too ends the run. A stop is obeyed: nothing new is begun.
 */
export async function dispatch(
  pool: Pool,
  options: RunContext,
  tally: Tally,
  remaining: Remaining,
): Promise<Dispatched> {
  const { stop, halt, sink } = options
  const limits = new Limits(options.limits ?? {})
  // Not made anew for each job: those that are done come by the million.
  const asRun = { ...options.resume, rehearsal: false }
  const asRehearsal = { ...options.resume, rehearsal: true }
  const inHand = new Slots(pool.mostOut)
  const running = new Set<Promise<void>>()
  const submissions = options.keepOrder ? new Submissions() : undefined
  const context = submissions ? { ...options, sink: submissions.watch(sink) } : options
  let handedOut = 0
  let isLimited = false
  const ended = { done: 0, failed: 0, jobs: options.count }
  let fatal: ComfyRunError | undefined
  const onEnd = ({ finished, error }: JobRun): void => {
    tally.add(finished)
    sink(finished)
    if (error && fatalCodes.has(error.code)) {
      fatal ??= error
      pool.stop()
    }
    if (finished.status === 'done') ended.done += 1
    else if (finished.status !== 'cancelled') ended.failed += 1
    const level = halt?.decide(ended) ?? 'go'
    if (level !== 'go') stop.raise(level, `--halt ${halt?.text}`)
  }
  const carry = async (job: Job, pending: Settlement): Promise<void> => {
    const before = pending.action === 'look-up' ? pending : undefined
    const place = await pool.take(job, { prefer: before?.server })
    remaining.jobs -= 1
    if (!place) return
    await attemptJob(pool, place, job, context, { pending: before, onEnd })
  }
  if (await wereAllDone(options, pool)) {
    remaining.jobs = 0
    tally.skipAll()
    return { isLimited }
  }
  const stopDeadline = limits.startDeadline((reason) => stop.raise('drain', reason, limitExitCode))
  const release = stop.onRise(() => pool.stop())
  if (stop.level !== 'go') pool.stop()
  for await (const job of options.jobs) {
    if (stop.level !== 'go') break
    const resume = pool.isRehearsal ? asRehearsal : asRun
    const settling = settle(options.journal?.entryOf(job), options.out, resume)
    const settlement = settling instanceof Promise ? await settling : settling
    if (settlement.action === 'skip') {
      const { reason, files, code } = settlement
      remaining.jobs -= 1
      tally.skip(code)
      sink({ type: 'job-skipped', job: job.index, name: job.name, reason, files })
      continue
    }
    const leaveHand = await inHand.take()
    await pool.hasRoom()
    isLimited = limits.jobLimitReached(handedOut)
    if (isLimited || fatal || pool.failure || stop.level !== 'go') break
    handedOut += 1
    const isQueued = submissions?.of(job.index)
    const carried = carry(job, settlement).finally(() => {
      submissions?.over(job.index)
      leaveHand()
      running.delete(carried)
    })
    running.add(carried)
    await isQueued
  }
  await Promise.all(running)
  stopDeadline()
  release()
  return { isLimited, ...(fatal && { fatal }) }
}

/** Whether an earlier run has done all jobs, and their files are there. */
async function wereAllDone(
  { wasDone, count, journal, resume, stop, sink }: RunContext,
  pool: Pool,
): Promise<boolean> {
  if (!wasDone || !journal || resume?.force || resume?.verify) return false
  return journal.areFilesThere({
    jobs: count,
    rehearsal: pool.isRehearsal,
    onFound: (jobs) => sink({ type: 'files-checked', jobs }),
    isStopped: () => stop.level !== 'go',
  })
}
