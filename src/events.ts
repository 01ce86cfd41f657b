import type { ErrorCode, Where } from './errors.ts'

/**
 * The version of the event format, in the first event of every run. Within a version fields and variants
 * are only added; readers must ignore what they do not know.
 */
export const eventFormat = 1

/** How a job ended. `lost`: the server no longer knows it (deleted from the queue, or restarted). */
export type JobStatus = 'done' | 'failed' | 'cancelled' | 'lost'

/** Why a file exists: a result, a temp image (PreviewImage), or a sampler's latent preview. */
export type FileKind = 'output' | 'temp' | 'preview'

/** An error as data: what `ComfyRunError` holds, without its stack. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly where?: Where
  readonly details?: readonly string[]
}

/** The line of a jobs file that asked for a job. */
export interface JobOrigin {
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** The first event of a run. */
export interface RunStarted {
  readonly type: 'run-started'
  readonly format: typeof eventFormat
  /** comfy-run's own version. */
  readonly version: string
  /** How many jobs will be run. */
  readonly jobs: number
  /** The folder that files are written to. */
  readonly out: string
  /** The servers that jobs may go to: their addresses without credentials. */
  readonly servers: readonly string[]
}

/** A server answered and can be used. */
export interface ServerConnected {
  readonly type: 'server-connected'
  readonly server: string
  /** The ComfyUI version it reports, or the one that the embedded server follows. */
  readonly comfyui?: string
  /** True for comfy-run's own server, whose model nodes only rehearse: no picture of it comes from a model. */
  readonly rehearsal: boolean
}

/** The socket or the HTTP side of a server failed; jobs are still followed, and it is tried again. */
export interface ServerLost {
  readonly type: 'server-lost'
  readonly server: string
  readonly reason: string
}

/** A server that was lost answers again. */
export interface ServerRecovered {
  readonly type: 'server-recovered'
  readonly server: string
}

/** Of several servers one is out of reach, or keeps failing its jobs: it gets none until it is back. */
export interface ServerLeft {
  readonly type: 'server-left'
  readonly server: string
  readonly reason: string
}

/** A server that had left gets jobs again. */
export interface ServerReturned {
  readonly type: 'server-returned'
  readonly server: string
}

/** Something about a server is not as the user said, but the run goes on without it. */
export interface ServerWarning {
  readonly type: 'server-warning'
  readonly server: string
  readonly message: string
}

/** What one server did in a run. */
export interface ServerUse {
  readonly server: string
  /** Jobs that ended there, in any way. */
  readonly jobs: number
  /** Of these, those that failed there; they may have been done elsewhere. */
  readonly failed: number
  /** Seconds in which it had a prompt of ours. */
  readonly busySeconds: number
  /** The same as a share of the run, from 0 to 1. */
  readonly busyShare: number
}

/** A local file is on the server, ready to be used. Each distinct file is uploaded once per server. */
export interface FileUploaded {
  readonly type: 'file-uploaded'
  readonly server: string
  readonly file: string
  /** The value that the server wants in a LoadImage-like input. */
  readonly name: string
  readonly bytes: number
}

/** The server accepted a job. */
export interface JobSubmitted {
  readonly type: 'job-submitted'
  /** The job's number in the run, from 1. */
  readonly job: number
  /** The stem of its file names. */
  readonly name: string
  readonly server: string
  readonly promptId: string
  /** How many nodes of the graph the accepted outputs need, cached ones included. */
  readonly nodes: number
}

/** The job waits behind others in the server's queue. Sent when the number changes. */
export interface JobQueued {
  readonly type: 'job-queued'
  readonly job: number
  readonly ahead: number
}

/** The server began to work on the job. */
export interface JobStarted {
  readonly type: 'job-started'
  readonly job: number
}

/** Nodes whose results the server still had; they count as done. */
export interface NodesCached {
  readonly type: 'nodes-cached'
  readonly job: number
  readonly nodes: readonly string[]
}

/** A node began to run. */
export interface NodeStarted {
  readonly type: 'node-started'
  readonly job: number
  readonly node: string
  readonly classType: string
  readonly title?: string
}

/** A node is done. */
export interface NodeFinished {
  readonly type: 'node-finished'
  readonly job: number
  readonly node: string
}

/** A step of a sampler, or of any node with a progress bar of its own. */
export interface SamplerStep {
  readonly type: 'sampler-step'
  readonly job: number
  readonly node: string
  readonly step: number
  readonly steps: number
}

/** Progress in words from a running node (API nodes send it). */
export interface NodeText {
  readonly type: 'node-text'
  readonly job: number
  readonly node: string
  readonly text: string
}

/** A file is complete on disk under its final name. */
export interface FileSaved {
  readonly type: 'file-saved'
  readonly job: number
  readonly kind: FileKind
  readonly path: string
  readonly bytes: number
  /** Of its bytes, in hex. */
  readonly sha256: string
  readonly node: string
}

/** A node put out text (PreviewAny, SaveText, ...). */
export interface TextOutput {
  readonly type: 'text-output'
  readonly job: number
  readonly node: string
  readonly text: string
}

/** The job is not run: an earlier run of the same journal has settled it. */
export interface JobSkipped {
  readonly type: 'job-skipped'
  readonly job: number
  readonly name: string
  /** `done`: its files are there. `failed`: it failed by its own fault, and is not tried again by itself. */
  readonly reason: 'done' | 'failed'
  /** Paths of the files that it left. */
  readonly files: readonly string[]
}

/**
 * The last run did all jobs of the plan, and the files of so many of them are there: told now and then while they are looked
 * for. If all are there, no job is told of; else each is.
 */
export interface FilesChecked {
  readonly type: 'files-checked'
  readonly jobs: number
}

/** Something the user should know; the job goes on. */
export interface JobWarning {
  readonly type: 'job-warning'
  readonly job: number
  readonly message: string
}

/** The job is decided, and its files are on disk. */
export interface JobFinished {
  readonly type: 'job-finished'
  readonly job: number
  readonly name: string
  readonly status: JobStatus
  /** From when the server began to work on it (or, if it never did, from when we did) to the last saved file. */
  readonly seconds: number
  /** True if the server ran no node, because it still had every result. */
  readonly cached: boolean
  readonly seed?: string
  /** Missing if no row of a file asked for it. */
  readonly origin?: JobOrigin
  /** Paths of all saved outputs (not temp images or previews). */
  readonly files: readonly string[]
  readonly error?: ErrorData
}

/** The run is being stopped by the user. `cancelling` is true once running prompts are cancelled too. */
export interface RunStopping {
  readonly type: 'run-stopping'
  readonly cancelling: boolean
  readonly reason: string
}

/** The last event of a run: its summary. */
export interface RunFinished {
  readonly type: 'run-finished'
  readonly exitCode: number
  readonly jobs: number
  readonly done: number
  readonly failed: number
  readonly cancelled: number
  /** Jobs that an earlier run has settled; those that failed there count as failed, too. */
  readonly skipped: number
  /** Jobs that were never submitted. */
  readonly notRun: number
  readonly files: number
  readonly seconds: number
  /** What each server did; empty if none could be reached. */
  readonly servers: readonly ServerUse[]
  /** The error that ended the whole run, if one did. */
  readonly error?: ErrorData
}

/** Everything that can happen in a run, in the order it happens. Reporters see nothing else. */
export type RunEvent =
  | RunStarted
  | ServerConnected
  | ServerLost
  | ServerRecovered
  | ServerLeft
  | ServerReturned
  | ServerWarning
  | FileUploaded
  | JobSubmitted
  | JobQueued
  | JobStarted
  | NodesCached
  | NodeStarted
  | NodeFinished
  | SamplerStep
  | NodeText
  | FileSaved
  | TextOutput
  | FilesChecked
  | JobSkipped
  | JobWarning
  | JobFinished
  | RunStopping
  | RunFinished

/** Receives events. Must not throw and must return quickly: it is called between two socket frames. */
export type EventSink = (event: RunEvent) => void
