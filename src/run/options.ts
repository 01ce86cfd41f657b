import type { ServerOptions } from '../comfy/server.ts'
import type { EventSink } from '../events.ts'
import type { Job } from '../plan/job.ts'
import type { HaltRule } from './halt.ts'
import type { FileRules } from './file-rules.ts'
import type { Journal } from './journal/journal.ts'
import type { ResumeOptions } from './journal/settled.ts'
import type { LimitOptions } from './limits.ts'
import type { ServerFolder } from './server-folder.ts'
import type { Stop } from './stop.ts'

/** What to run, where, and what to keep. */
export interface RunOptions {
  readonly jobs: AsyncIterable<Job> | Iterable<Job>
  /** How many jobs there are, for totals. */
  readonly count: number
  /** One or more; a job goes to whichever is idle and has what it needs. */
  readonly servers: readonly ServerOptions[]
  /**
   * Seconds that a server may be out of reach before its jobs are given up or given to others, and that all of them
   * may be before the run is ended. Default 60.
   */
  readonly patience?: number
  /** Folder for the results; made when the first file is saved. */
  readonly out: string
  /** Save temp images (PreviewImage) to `temp/`. Default false. */
  readonly saveTemp?: boolean
  /** Save the samplers' latent previews to `previews/`. Default false. */
  readonly savePreviews?: boolean
  /** Names that are taken, sidecars, and checks of outputs. Default: as `fileRules` has it. */
  readonly files?: FileRules
  /**
   * Leave the graphs' `filename_prefix` as it is. By default the server saves what a run makes in a folder of the
   * run's own.
   */
  readonly keepPrefix?: boolean
  /**
   * Queue each job only when the one before it is queued. By default several are on their way at the same time, and the
   * server may get quick ones in another order. Default false.
   */
  readonly keepOrder?: boolean
  /** Seconds that the server may work on one job, waiting not counted. Default: no limit. */
  readonly timeout?: number
  /**
   * Seconds that a running job may be silent (no node, no step, no preview) before it counts as stalled. Default: no
   * limit, as loading a model is silent, too.
   */
  readonly stall?: number
  /** Gets every event of the run. */
  readonly sink: EventSink
  /**
   * Tell what happens inside of every job: nodes, steps, texts. Without it the server need not say that of jobs that only
   * change images and take it less than 50 milliseconds: they then run quicker. Of all others it is told all the same.
   * Default true.
   */
  readonly nodeEvents?: boolean
  /** Records what happens, and tells what earlier runs have settled. Default: none. */
  readonly journal?: Journal
  /**
   * The last run of the journal did all jobs of just this plan, and `job-skipped` need not be told of each: if all files
   * are still there, none of them is asked for. Default false.
   */
  readonly wasDone?: boolean
  /** How much of what the journal tells is believed. */
  readonly resume?: ResumeOptions
  /** How often a job is tried again whose failure may pass. Default 2. */
  readonly retries?: number
  /** When failures end the run. Default: never. */
  readonly halt?: HaltRule
  /** How much the run may do. Default: no limit. */
  readonly limits?: LimitOptions
  /** How the run is stopped from outside. */
  readonly stop?: Stop
}

/** A run that is under way: its options, and what it has for itself. */
export interface RunContext extends RunOptions {
  readonly stop: Stop
  readonly folder: ServerFolder
}
