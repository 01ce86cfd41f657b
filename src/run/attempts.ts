import { setTimeout as delay } from 'node:timers/promises'
import { asComfyRunError } from '../error-data.ts'
import type { ErrorCode } from '../errors.ts'
import type { Job } from '../plan/job.ts'
import { runJob, type JobRun } from './job.ts'
import type { PendingPrompt } from './on-server.ts'
import type { RunContext } from './options.ts'
import type { Member, Place, Verdict } from './pool/member.ts'
import type { Pool } from './pool/pool.ts'
import { Retries } from './retry.ts'
import { toldOnce } from './told-once.ts'

/** Failures that say something about the server, not about the job. */
const serverFaults = new Set<ErrorCode>([
  'server-unreachable',
  'server-refused',
  'not-comfyui',
  'upload-failed',
  'download-failed',
  'damaged-file',
  'job-lost',
  'job-stalled',
  'server-stuck',
])

/** What one server refuses another may accept: it has other nodes and models (pitfall 56). */
const elsewhereCodes = new Set<ErrorCode>(['missing-node', 'value-not-in-list'])

/**
 * Runs a job, and again if its failure may pass, or if another server may do better; then records how it ended.
 * `first` is its place for the first attempt; each further one takes a place of its own. `onEnd` is told how it ended
 * before its place is free for another job: a failure may be a reason to begin no other. Never throws.
 */
export async function attemptJob(
  pool: Pool,
  first: Place,
  job: Job,
  options: RunContext,
  { pending, onEnd }: { readonly pending?: PendingPrompt; readonly onEnd: (run: JobRun) => void },
): Promise<void> {
  const retries = new Retries(options.retries)
  const sink = toldOnce(options.sink)
  const failedOn = new Set<Member>()
  let place = first
  let before = pending
  let saving = 1
  const end = async (run: JobRun): Promise<void> => {
    onEnd(await recorded(place, job, options, run))
    place.leave(verdictOf(run), run.error, run.promptId)
  }
  for (;;) {
    const run = await runJob(place, job, { ...options, sink }, { pending: before, saving })
    if (!run.error || !isGoing(options)) return end(run)
    failedOn.add(place.member)
    const isElsewhere = elsewhereCodes.has(run.error.code) && pool.hasOther(job, failedOn)
    const retry = isElsewhere ? { delay: 0, freeMemory: false, lookUp: false } : retries.after(run.error)
    if (!retry) return end(run)
    place.leave(verdictOf(run), run.error, run.promptId)
    // Waiting is for a server that may recover; another one need not wait.
    const milliseconds = verdictOf(run) !== 'ended' && pool.hasOther(job, failedOn) ? 0 : retry.delay
    const wait = milliseconds > 0 ? `in ${(milliseconds / 1000).toFixed(1)} s` : 'on another server'
    options.sink({
      type: 'job-warning',
      job: job.index,
      message: `${run.error.message}; trying again ${wait}`,
    })
    await pause(milliseconds, options)
    if (!isGoing(options)) return end(run)
    if (run.error.code === 'output-gone') saving += 1
    // Best effort: a server that can't be asked will show that in the attempt itself.
    if (retry.freeMemory) await place.server.freeMemory().catch(() => {})
    before =
      retry.lookUp && run.promptId !== undefined
        ? { promptId: run.promptId, server: place.member.name }
        : undefined
    const next = await pool.take(job, {
      prefer: before?.server,
      ...(verdictOf(run) !== 'ended' && { avoid: failedOn }),
    })
    if (!next) return end(run)
    if (before && next.member === place.member) next.member.adopt(before.promptId)
    place = next
  }
}

function verdictOf({ finished, error, promptId }: JobRun): Verdict {
  if (finished.status === 'done') return 'done'
  if (!error || !serverFaults.has(error.code)) return 'ended'
  const mayRun = error.code === 'server-unreachable' || error.code === 'server-stuck'
  return mayRun && promptId !== undefined ? 'unknown' : 'failed'
}

function isGoing({ stop }: RunContext): boolean {
  return stop.level === 'go'
}

/** Waits; a stop ends the wait. */
async function pause(milliseconds: number, { stop }: RunContext): Promise<void> {
  const ended = new AbortController()
  const release = stop.onRise(() => ended.abort())
  await delay(milliseconds, undefined, { signal: ended.signal }).catch(() => {})
  release()
}

async function recorded({ server }: Place, job: Job, { journal }: RunContext, run: JobRun): Promise<JobRun> {
  try {
    const by = { name: server.name, rehearsal: server.capabilities.rehearsal }
    await journal?.finished(job, by, run.finished, run.saved)
    return run
  } catch (thrown) {
    // What is on disk is no less there; but the run can't go on without its records.
    return { ...run, error: asComfyRunError(thrown) }
  }
}
