import type { Outcome } from '../comfy/outcome.ts'
import type { PromptEvent } from '../comfy/prompt-events.ts'
import type { ComfyServer } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import { jobGraph, nodesToRun } from '../plan/job-graph.ts'
import type { Job } from '../plan/job.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import { finishOrCancel } from './cancellation.ts'
import { narrate } from './narrate.ts'
import type { RunOptions } from './options.ts'
import type { PreviewWriter } from './previews.ts'

/** Who is told of a job's way through the server, besides the run's sink. */
export interface JobWatch {
  /** The server has begun to work on it. */
  readonly onStarted: () => void
  /** Gets the latent previews, if they are wanted. */
  readonly previews?: PreviewWriter
}

/**
 * Uploads what a job needs, queues it, and waits until its end is decided. Throws what keeps it from being
 * queued; how it ended after that is in the outcome.
 */
export async function runOnServer(
  server: ComfyServer,
  job: Job,
  options: RunOptions,
  watch: JobWatch,
): Promise<Outcome> {
  const graph = await uploadInputs(server, job)
  let markStarted = (): void => {}
  const started = new Promise<void>((resolve) => {
    markStarted = resolve
  })
  const tell = (event: PromptEvent): void => {
    if (event.type === 'started') {
      markStarted()
      watch.onStarted()
    }
    if (event.type === 'preview') watch.previews?.add(event.image)
    else options.sink(narrate(event, job.index, graph))
  }
  // The server may tell of a prompt before it answers the POST; its events must not come before "submitted".
  let early: PromptEvent[] | undefined = []
  const onEvent = (event: PromptEvent): void => {
    if (early) early.push(event)
    else tell(event)
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
  for (const event of heard) tell(event)
  return finishOrCancel({ prompt, stop: options.stop, timeout: options.timeout, started })
}

/** Puts the job's files on the server; returns the graph with the names that the server gave. */
async function uploadInputs(server: ComfyServer, job: Job): Promise<ApiGraph> {
  const names = new Map<string, string>()
  for (const { file, hash } of job.uploads) names.set(hash, (await server.upload({ file, hash })).name)
  return jobGraph(job, names)
}
