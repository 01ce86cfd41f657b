import type { Outcome } from '../comfy/outcome.ts'
import type { PromptEvent, PromptListener } from '../comfy/prompt-events.ts'
import type { SubmittedPrompt } from '../comfy/prompts.ts'
import type { ComfyServer } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import { jobGraph, nodesToRun } from '../plan/job-graph.ts'
import type { Job } from '../plan/job.ts'
import type { ApiGraph } from '../protocol/graph.ts'
import { finishOrCancel } from './cancellation.ts'
import { narrate } from './narrate.ts'
import { needsNoMessages } from './needs-no-messages.ts'
import type { RunContext } from './options.ts'
import type { PreviewWriter } from './previews.ts'
import { TimeLimits } from './time-limits.ts'

/** Who is told of a job's way through the server, besides the run's sink. */
export interface JobWatch {
  /** The server has begun to work on it. */
  readonly onStarted: () => void
  /** The server has nothing more to do for it. `seconds` is what it took there, if the server has said that. */
  readonly onEnded: (seconds?: number) => void
  /** A prompt is about to be posted under this id. */
  readonly onSending: (promptId: string) => void
  /** What a job takes the server, in seconds, as far as that is known. */
  readonly secondsPerJob: number | undefined
  /** Aborted when the server gets no more jobs. */
  readonly left: AbortSignal
  /** Gets the latent previews, if they are wanted. */
  readonly previews?: PreviewWriter
}

/** A prompt that an earlier run has queued, and whose end that run did not see. */
export interface PendingPrompt {
  readonly promptId: string
  readonly server: string
}

/** Which attempt at a job it is. */
export interface Attempt {
  /** The prompt that an earlier run or attempt has queued for it. */
  readonly pending?: PendingPrompt
  /** How often the server is to save its files: from 1; more if those that it told of were not there. */
  readonly saving: number
}

/**
 * Brings a job to its end on a server: takes up the prompt that an earlier run has queued for it, or uploads what
 * the job needs and queues it. Throws what keeps it from being queued; how it ended after that is in the
 * outcome.
 */
export async function runOnServer(
  server: ComfyServer,
  job: Job,
  options: RunContext,
  watch: JobWatch,
  { pending, saving }: Attempt,
): Promise<Outcome> {
  // A server that we can't ask any more may have run it; nobody else could tell either.
  if (pending?.server === server.name) {
    const resumed = await follow(server, job, options, watch, jobGraph(job, new Map()), async (request) =>
      server.resume(pending.promptId, request),
    )
    if (resumed && !needsRerun(resumed, options)) return resumed
  }
  const uploaded = await uploadInputs(server, job)
  const graph = options.keepPrefix && saving === 1 ? uploaded : options.folder.apply(uploaded, job, saving)
  if (options.stop.level !== 'go') {
    throw new ComfyRunError('job-cancelled', 'the run was stopped before the job was queued')
  }
  const outcome = await follow(server, job, options, watch, graph, async (request) =>
    submitRecorded(server, job, options, watch, request),
  ).catch((error: unknown) => {
    throw error instanceof ComfyRunError && job.origin ? error.at(job.origin) : error
  })
  if (!outcome) throw new Error('a prompt was neither queued nor refused')
  return outcome
}

/** Whether the earlier prompt left nothing to save: it was stopped, or its images went to a socket that is gone. */
function needsRerun({ status, error }: Outcome, { stop }: RunContext): boolean {
  if (stop.level !== 'go') return false
  if (status === 'cancelled' || status === 'lost') return true
  return error?.code === 'no-output' || error?.code === 'output-missing' || error?.code === 'output-gone'
}

type PromptRequest = { readonly graph: ApiGraph; readonly onEvent: PromptListener }
type Begin = (request: PromptRequest) => Promise<SubmittedPrompt | undefined>

/** Queues a prompt that the journal knows of before the server does. */
async function submitRecorded(
  server: ComfyServer,
  job: Job,
  options: RunContext,
  watch: JobWatch,
  request: PromptRequest,
): Promise<SubmittedPrompt> {
  const { journal } = options
  let recorded = { promptId: '', clientId: '' }
  const prompt = await server.submit({
    ...request,
    uiWorkflow: job.workflow.uiWorkflow,
    // Previews that nobody wants cost the server time at each step (a setting of single prompts since 0.5).
    extraData: { preview_method: watch.previews ? 'auto' : 'none' },
    withoutMessages: needsNoMessages(job, options, watch.secondsPerJob),
    onSending: async (ids) => {
      recorded = ids
      watch.onSending(ids.promptId)
      await journal?.submitted(job, server.name, ids)
    },
  })
  // An old server has chosen an id of its own.
  if (prompt.promptId !== recorded.promptId) {
    watch.onSending(prompt.promptId)
    await journal?.submitted(job, server.name, { ...recorded, promptId: prompt.promptId })
  }
  return prompt
}

/** Begins a prompt and follows it to its end, told to the run's sink. Undefined if there was none to begin with. */
async function follow(
  server: ComfyServer,
  job: Job,
  options: RunContext,
  watch: JobWatch,
  graph: ApiGraph,
  begin: Begin,
): Promise<Outcome | undefined> {
  let markStarted = (): void => {}
  const started = new Promise<void>((resolve) => {
    markStarted = resolve
  })
  const limits = new TimeLimits(options)
  const tell = (event: PromptEvent): void => {
    limits.heard()
    if (event.type === 'started') {
      markStarted()
      limits.start()
      watch.onStarted()
    }
    if (event.type === 'ended') watch.onEnded(event.seconds)
    else if (event.type === 'preview') watch.previews?.add(event.image)
    else options.sink(narrate(event, job.index, graph))
  }
  // The server may tell of a prompt before it answers the POST; its events must not come before "submitted".
  let early: PromptEvent[] | undefined = []
  const onEvent = (event: PromptEvent): void => {
    if (early) early.push(event)
    else tell(event)
  }
  const prompt = await begin({ graph, onEvent })
  if (!prompt) return undefined
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
  try {
    return await finishOrCancel({
      prompt,
      stop: options.stop,
      limits: limits.signal,
      left: watch.left,
      patience: options.patience,
      started,
    })
  } finally {
    limits.end()
  }
}

/** Puts the job's files on the server; returns the graph with the names that the server gave. */
async function uploadInputs(server: ComfyServer, job: Job): Promise<ApiGraph> {
  const names = new Map<string, string>()
  for (const { file, hash } of job.uploads) names.set(hash, (await server.upload({ file, hash })).name)
  return jobGraph(job, names)
}
