import { performance } from 'node:perf_hooks'
import type { Outcome } from '../comfy/outcome.ts'
import type { PromptEvent } from '../comfy/prompt-events.ts'
import type { ComfyServer } from '../comfy/server.ts'
import { asComfyRunError, errorData } from '../error-data.ts'
import { ComfyRunError } from '../errors.ts'
import type { FileSaved, JobFinished } from '../events.ts'
import { jobGraph, nodesToRun } from '../plan/job-graph.ts'
import type { Job } from '../plan/job.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import { finishOrCancel } from './cancellation.ts'
import { collectFiles } from './collect.ts'
import { narrate } from './narrate.ts'
import type { RunOptions } from './options.ts'
import { PreviewWriter } from './previews.ts'

/**
 * Takes one job from its uploads to its files on disk, telling each step to the run's sink. Never throws: how it
 * ended is in the result. `onServerFree` is called as soon as the server is done with it, before its files
 * are fetched.
 */
export async function runJob(
  server: ComfyServer,
  job: Job,
  options: RunOptions,
  onServerFree: () => void,
): Promise<{ readonly finished: JobFinished; readonly error?: ComfyRunError }> {
  const began = performance.now()
  const saved: FileSaved[] = []
  const onSaved = (event: FileSaved): void => {
    saved.push(event)
    options.sink(event)
  }
  let outcome: Outcome | undefined
  let error: ComfyRunError | undefined
  try {
    outcome = await runOnServer(server, job, options, onSaved)
    error = outcome.error
    onServerFree()
    await collectFiles(server, job, outcome, {
      out: options.out,
      saveTemp: options.saveTemp === true,
      onSaved,
    })
  } catch (thrown) {
    error ??= asComfyRunError(thrown)
  }
  const status = outcome === undefined ? statusOf(error) : outcome.status
  const { seed } = job.params
  const finished: JobFinished = {
    type: 'job-finished',
    job: job.index,
    name: job.name,
    status: status === 'done' && error ? 'failed' : status,
    seconds: (performance.now() - began) / 1000,
    cached: outcome?.cached ?? false,
    ...((typeof seed === 'number' || typeof seed === 'bigint') && { seed: String(seed) }),
    files: saved.filter(({ kind }) => kind === 'output').map(({ path }) => path),
    ...(error && { error: errorData(error) }),
  }
  return { finished, error }
}

/** A job that a stop kept from being submitted is cancelled, not failed. */
function statusOf(error: ComfyRunError | undefined): 'failed' | 'cancelled' {
  return error?.code === 'job-cancelled' ? 'cancelled' : 'failed'
}

async function runOnServer(
  server: ComfyServer,
  job: Job,
  options: RunOptions,
  onSaved: (event: FileSaved) => void,
): Promise<Outcome> {
  const graph = await uploadInputs(server, job)
  const previews = options.savePreviews ? new PreviewWriter(job, options.out, onSaved) : undefined
  let markStarted = (): void => {}
  const started = new Promise<void>((resolve) => {
    markStarted = resolve
  })
  // The server may tell of a prompt before it answers the POST; its events must not come before "submitted".
  let early: PromptEvent[] | undefined = []
  const onEvent = (event: PromptEvent): void => {
    if (early) return void early.push(event)
    if (event.type === 'started') markStarted()
    if (event.type === 'preview') previews?.add(event.image)
    else options.sink(narrate(event, job.index, graph))
  }
  if (options.stop && options.stop.level !== 'go') {
    throw new ComfyRunError('job-cancelled', 'the run was stopped before the job was queued')
  }
  const prompt = await server
    .submit({ graph, uiWorkflow: job.workflow.uiWorkflow, onEvent })
    .catch((error: unknown) => {
      throw error instanceof ComfyRunError && job.origin ? error.at(job.origin) : error
    })
  options.sink({
    type: 'job-submitted',
    job: job.index,
    name: job.name,
    server: server.name,
    promptId: prompt.promptId,
    nodes: nodesToRun(job),
  })
  const heard = early
  early = undefined
  for (const event of heard) onEvent(event)
  const outcome = await finishOrCancel({ prompt, stop: options.stop, timeout: options.timeout, started })
  for (const { node, text } of outcome.texts) {
    options.sink({ type: 'text-output', job: job.index, node, text })
  }
  await previews?.finish()
  return outcome
}

/** Puts the job's files on the server; returns the graph with the names that the server gave. */
async function uploadInputs(server: ComfyServer, job: Job): Promise<ApiGraph> {
  const names = new Map<string, string>()
  for (const { file, hash } of job.uploads) names.set(hash, (await server.upload({ file, hash })).name)
  return jobGraph(job, names)
}
