import { setTimeout as delay } from 'node:timers/promises'
import type { ComfyServer } from '../comfy/server.ts'
import { asComfyRunError } from '../error-data.ts'
import type { Job } from '../plan/job.ts'
import { runJob, type JobRun } from './job.ts'
import type { PendingPrompt } from './on-server.ts'
import type { RunOptions } from './options.ts'
import { Retries } from './retry.ts'
import type { Slots } from './slots.ts'

/**
 * Runs a job, and again if its failure may pass; then records how it ended. `onServer` are the places on the
 * server, one of which each attempt takes. Never throws.
 */
export async function attemptJob(
  server: ComfyServer,
  job: Job,
  options: RunOptions,
  onServer: Slots,
  pending?: PendingPrompt,
): Promise<JobRun> {
  const retries = new Retries(options.retries)
  let before = pending
  for (;;) {
    const leave = await onServer.take()
    const run = await runJob(server, job, options, leave, before)
    leave()
    const retry = run.error && isGoing(options) ? retries.after(run.error) : undefined
    if (!retry) return recorded(server, job, options, run)
    const { message } = run.error ?? {}
    options.sink({
      type: 'job-warning',
      job: job.index,
      message: `${message}; trying again in ${(retry.delay / 1000).toFixed(1)} s`,
    })
    await pause(retry.delay, options)
    if (!isGoing(options)) return recorded(server, job, options, run)
    // Best effort: a server that can't be asked will show that in the attempt itself.
    if (retry.freeMemory) await server.freeMemory().catch(() => {})
    before =
      retry.lookUp && run.promptId !== undefined ? { promptId: run.promptId, server: server.name } : undefined
  }
}

function isGoing({ stop }: RunOptions): boolean {
  return !stop || stop.level === 'go'
}

/** Waits; a stop ends the wait. */
async function pause(milliseconds: number, { stop }: RunOptions): Promise<void> {
  const ended = new AbortController()
  const release = stop?.onRise(() => ended.abort())
  await delay(milliseconds, undefined, { signal: ended.signal }).catch(() => {})
  release?.()
}

async function recorded(
  server: ComfyServer,
  job: Job,
  { journal }: RunOptions,
  run: JobRun,
): Promise<JobRun> {
  try {
    const by = { name: server.name, rehearsal: server.capabilities.rehearsal }
    await journal?.finished(job, by, run.finished, run.saved)
    return run
  } catch (thrown) {
    // What is on disk is no less there; but the run can't go on without its records.
    return { ...run, error: asComfyRunError(thrown) }
  }
}
