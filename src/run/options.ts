import type { ServerOptions } from '../comfy/server.ts'
import type { EventSink } from '../events.ts'
import type { Job } from '../plan/job.ts'
import type { HaltRule } from './halt.ts'
import type { FileRules } from './file-rules.ts'
import type { Journal } from './journal/journal.ts'
import type { ResumeOptions } from './journal/settled.ts'
import type { LimitOptions } from './limits.ts'
import type { Stop } from './stop.ts'

/** What to run, where, and what to keep. */
export interface RunOptions {
  readonly jobs: AsyncIterable<Job> | Iterable<Job>
  /** How many jobs there are, for totals. */
  readonly count: number
  readonly server: ServerOptions
  /** Folder for the results; made when the first file is saved. */
  readonly out: string
  /** Save temp images (PreviewImage) to `temp/`. Default false. */
  readonly saveTemp?: boolean
  /** Save the samplers' latent previews to `previews/`. Default false. */
  readonly savePreviews?: boolean
  /** Names that are taken, sidecars, and checks of outputs. Default: as `fileRules` has it. */
  readonly files?: FileRules
  /** Seconds that the server may work on one job, waiting not counted. Default: no limit. */
  readonly timeout?: number
  /** Gets every event of the run. */
  readonly sink: EventSink
  /** Records what happens, and tells what earlier runs have settled. Default: none. */
  readonly journal?: Journal
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
