import type { NodeStarted, RunEvent, SamplerStep } from '../events.ts'
import { cleanLine } from './clean-text.ts'

/** Where one job stands. */
export interface JobProgress {
  readonly job: number
  readonly name: string
  readonly server: string
  /** How many nodes the job needs. */
  readonly nodes: number
  readonly state: 'waiting' | 'running'
  /** How many prompts will run before it, if the server says so. */
  readonly ahead?: number
  /** When it began to run, by the reporter's clock. */
  readonly startedAt?: number
  /** Nodes that are done, cached ones included; never more than `nodes`. */
  readonly nodesDone: number
  /** The running node: its class and, where that adds something, its title. */
  readonly node?: string
  /** What the running node says. */
  readonly text?: string
  readonly steps?: Steps
}

/** The steps of a running sampler. */
export interface Steps {
  readonly node: string
  readonly step: number
  readonly steps: number
  /** Steps per second since the first step that was told; undefined until there are two. */
  readonly rate?: number
  /** When the last step was told, by the reporter's clock. */
  readonly at: number
  readonly first: { readonly step: number; readonly at: number }
}

type JobEvent = Extract<RunEvent, { readonly job: number }>

interface Tracked {
  progress: JobProgress
  readonly done: Set<string>
}

/** What is going on in a run, gathered from its events. Times are milliseconds of one clock. */
export class Progress {
  /** Jobs in the run. */
  jobs = 0
  /** Those that an earlier run has settled included. */
  ended = 0
  failed = 0
  /** Of a batch that was done: the jobs whose files have been found so far, while they are looked for. */
  filesFound: number | undefined
  /** Whether a server has answered. */
  isConnected = false
  /** All servers of the run. */
  servers: readonly string[] = []
  /** Those that get no jobs for now. */
  readonly away = new Set<string>()
  readonly #tracked = new Map<number, Tracked>()
  #firstSubmittedAt: number | undefined
  #skipped = 0

  /** Takes the next event, which happened at `now`. */
  apply(event: RunEvent, now: number): void {
    if (event.type === 'run-started') {
      this.jobs = event.jobs
      this.servers = event.servers
    }
    if (event.type === 'server-left') this.away.add(event.server)
    if (event.type === 'server-returned' || event.type === 'server-connected') this.away.delete(event.server)
    if (event.type === 'server-connected') this.isConnected = true
    if (event.type === 'files-checked') this.filesFound = event.jobs
    else if ('job' in event) this.filesFound = undefined
    if (event.type === 'job-submitted') this.#firstSubmittedAt ??= now
    if (event.type === 'job-finished') {
      this.#tracked.delete(event.job)
      this.ended += 1
      if (event.status === 'failed' || event.status === 'lost') this.failed += 1
    } else if (event.type === 'job-skipped') {
      this.ended += 1
      this.#skipped += 1
      if (event.reason === 'failed') this.failed += 1
    } else if ('job' in event) this.#applyToJob(event, now)
  }

  /** The job to look at: the one that began to run last, else the first that waits. */
  get current(): JobProgress | undefined {
    return this.currentOn()
  }

  /** The same for one server; for all if none is named. */
  currentOn(server?: string): JobProgress | undefined {
    let best: JobProgress | undefined
    for (const { progress } of this.#tracked.values()) {
      if (server !== undefined && progress.server !== server) continue
      const isLater = progress.state === 'running' && (progress.startedAt ?? 0) >= (best?.startedAt ?? 0)
      if (!best || isLater) best = progress
    }
    return best
  }

  /** Seconds until all jobs have ended, if they go on at the same pace; undefined until one has. */
  secondsLeft(now: number): number | undefined {
    // Skipping takes no time, and tells nothing about the pace.
    const ran = this.ended - this.#skipped
    if (this.#firstSubmittedAt === undefined || ran === 0) return undefined
    const perJob = (now - this.#firstSubmittedAt) / 1000 / ran
    return perJob * (this.jobs - this.ended)
  }

  #applyToJob(event: JobEvent, now: number): void {
    if (event.type === 'job-submitted') {
      const { job, name, server, nodes } = event
      const progress = { job, name, server, nodes, state: 'waiting', nodesDone: 0 } as const
      this.#tracked.set(job, { progress, done: new Set() })
      return
    }
    const tracked = this.#tracked.get(event.job)
    if (!tracked) return
    tracked.progress = { ...tracked.progress, ...changes(tracked, event, now) }
  }
}

function changes({ progress, done }: Tracked, event: JobEvent, now: number): Partial<JobProgress> {
  switch (event.type) {
    case 'job-queued':
      return { ahead: event.ahead }
    case 'job-started':
      return { state: 'running', startedAt: now }
    case 'nodes-cached':
      for (const node of event.nodes) done.add(node)
      return { nodesDone: Math.min(done.size, progress.nodes) }
    case 'node-started':
      return { node: labelOf(event), text: undefined }
    case 'node-finished':
      done.add(event.node)
      return {
        nodesDone: Math.min(done.size, progress.nodes),
        ...(progress.steps?.node === event.node && { steps: undefined }),
      }
    case 'node-text':
      return { text: brief(event.text) }
    case 'sampler-step':
      return { steps: stepsAfter(progress.steps, event, now) }
    case 'job-submitted':
    case 'job-finished':
    case 'job-skipped':
    case 'job-warning':
    case 'file-saved':
    case 'text-output':
      return {}
  }
}

/** What fits no terminal is not looked at: to tell the width of a long text takes long, and is asked for each frame. */
function brief(text: string): string {
  return cleanLine(text.slice(0, 500))
}

function labelOf({ node, classType, title }: NodeStarted): string {
  const name = brief(classType) || `node ${brief(node)}`
  return title === undefined || title === classType ? name : `${name} "${brief(title)}"`
}

/** Some nodes run their steps several times (once for each tile, say): the speed is that of the latest time. */
function stepsAfter(before: Steps | undefined, { node, step, steps }: SamplerStep, at: number): Steps {
  if (before?.node !== node || step < before.step) return { node, step, steps, at, first: { step, at } }
  const { first } = before
  const seconds = (at - first.at) / 1000
  return { node, step, steps, at, first, ...(seconds > 0 && { rate: (step - first.step) / seconds }) }
}
