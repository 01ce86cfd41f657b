import { performance } from 'node:perf_hooks'
import type { Outcome } from '../comfy/outcome.ts'
import { asComfyRunError, errorData } from '../error-data.ts'
import type { ComfyRunError } from '../errors.ts'
import type { FileSaved, JobFinished } from '../events.ts'
import type { Job } from '../plan/job.ts'
import { redact } from '../secrets.ts'
import { collectFiles } from './collect.ts'
import { runOnServer, type Attempt } from './on-server.ts'
import type { RunContext } from './options.ts'
import type { Place } from './pool/member.ts'
import { PreviewWriter } from './previews.ts'

/** How a job went. */
export interface JobRun {
  readonly finished: JobFinished
  readonly saved: readonly FileSaved[]
  readonly error?: ComfyRunError
  /** The prompt that the server has, or may have: undefined if none was sent. */
  readonly promptId?: string
}

/**
 * Takes one job from its uploads to its files on disk, telling each step to the run's sink. Never throws: how it
 * ended is in the result. The place on the server is freed as soon as the server is done with it, before its files
 * are fetched.
 */
export async function runJob(
  { server, secondsPerJob, left, free }: Pick<Place, 'server' | 'secondsPerJob' | 'left' | 'free'>,
  job: Job,
  options: RunContext,
  { pending, saving }: Attempt,
): Promise<JobRun> {
  let began = performance.now()
  const onStarted = (): void => {
    began = performance.now()
  }
  const saved: FileSaved[] = []
  const onSaved = (event: FileSaved): void => {
    saved.push(event)
    options.sink(event)
  }
  const mayBeThere = pending !== undefined
  const previews = options.savePreviews
    ? new PreviewWriter(job, { ...options, mayBeThere }, onSaved)
    : undefined
  let promptId = pending?.promptId
  const onSending = (id: string): void => {
    promptId = id
  }
  let outcome: Outcome | undefined
  let error: ComfyRunError | undefined
  try {
    outcome = await runOnServer(
      server,
      job,
      options,
      { onStarted, onEnded: free, onSending, secondsPerJob, left, previews },
      { pending, saving },
    )
    error = outcome.error
    // What failed may be a reason to begin no other job: then that comes first.
    if (outcome.status === 'done') free(outcome.seconds)
    for (const { node, text } of outcome.texts)
      options.sink({ type: 'text-output', job: job.index, node, text: redact(text) })
    await collectFiles(server, job, outcome, {
      ...options,
      onSaved,
      seconds: (performance.now() - began) / 1000,
      mayBeThere,
    })
    await previews?.finish()
  } catch (thrown) {
    error ??= asComfyRunError(thrown)
  }
  const { seed } = job.params
  const { file, line } = job.origin ?? {}
  const finished: JobFinished = {
    type: 'job-finished',
    job: job.index,
    name: job.name,
    status: statusOf(outcome, error),
    seconds: (performance.now() - began) / 1000,
    cached: outcome?.cached ?? false,
    ...((typeof seed === 'number' || typeof seed === 'bigint') && { seed: String(seed) }),
    ...(file !== undefined && line !== undefined && { origin: { file, line } }),
    files: saved.filter(({ kind }) => kind === 'output').map(({ path }) => path),
    ...(error && { error: errorData(error) }),
  }
  return { finished, saved, error, promptId }
}

/** A job whose files could not be saved has failed; one that a stop kept from being queued is cancelled. */
function statusOf(outcome: Outcome | undefined, error: ComfyRunError | undefined): JobFinished['status'] {
  if (!outcome) return error?.code === 'job-cancelled' ? 'cancelled' : 'failed'
  return outcome.status === 'done' && error ? 'failed' : outcome.status
}
