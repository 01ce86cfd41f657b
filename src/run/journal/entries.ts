import type { ErrorCode } from '../../errors.ts'

/** The version of the journal's format, in the first line of every run. */
export const journalFormat = 1

/** A run began. Entries up to the next one belong to its scope. */
export interface RunEntry {
  readonly type: 'run'
  readonly format: typeof journalFormat
  /** comfy-run's own version. */
  readonly version: string
  /**
   * What the run continues: runs of one scope share their jobs and their salt. All batches of a folder are one scope;
   * any other command opens a new one, unless it goes on with one that was left unfinished.
   */
  readonly scope: string
  /** What the command was, as a hash: only the same command can go on with its scope. */
  readonly task: string
  /** Seeds are drawn from it, so that going on draws the same seeds. */
  readonly salt: string
  /** The check that the run's plan has passed, if a later run may go by it. */
  readonly passed?: PassedCheck
  /** ISO 8601, as in every entry. */
  readonly at: string
}

/** A walk over a whole plan that found nothing to tell. With the same hashes, the same version finds the same. */
export interface PassedCheck {
  /** Of all that jobs are made of: the rows, the workflow, the options. */
  readonly plan: string
  /** Of the node classes that graphs were checked against. */
  readonly classes: string
  /** How many jobs there are. */
  readonly jobs: number
  /** Their models, as `checkPlan` gives them. */
  readonly models: readonly string[]
  /** No two jobs want the same name. Often only a run that has come to its end knows. */
  readonly areNamesDistinct?: true
}

/** A prompt is about to be posted: written before the server can know of it. */
export interface SubmittedEntry {
  readonly type: 'submitted'
  /** The job's key. */
  readonly key: string
  readonly name: string
  readonly promptId: string
  readonly clientId: string
  /** The server's address, without credentials. */
  readonly server: string
  readonly at: string
}

/** A file that a job left. */
export interface JournalFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
}

/** A job is done, and its files are on disk. */
export interface DoneEntry {
  readonly type: 'done'
  readonly key: string
  readonly name: string
  readonly files: readonly JournalFile[]
  /** As text: it may exceed 2^53. */
  readonly seed?: string
  readonly seconds: number
  readonly server: string
  /** True if no model ran: a real server's run does not take such a job for done. */
  readonly rehearsal?: true
  readonly at: string
}

/** A job ended otherwise. */
export interface FailedEntry {
  readonly type: 'failed'
  readonly key: string
  readonly name: string
  readonly code: ErrorCode
  readonly message: string
  readonly at: string
}

/** A run ended in order. */
export interface EndEntry {
  readonly type: 'end'
  /** Whether every job was settled: then the command has nothing to go on with. */
  readonly isComplete: boolean
  readonly exitCode: number
  /** No two jobs of the run's plan want the same name. */
  readonly areNamesDistinct?: true
  readonly at: string
}

/** What a journal says of one job. */
export type JobEntry = SubmittedEntry | DoneEntry | FailedEntry

/** What a later run wants to know of a job. */
export type KnownJob =
  | SubmittedEntry
  | FailedEntry
  | Pick<DoneEntry, 'type' | 'key' | 'name' | 'files' | 'rehearsal'>

/** One line of a journal. Readers ignore lines of types that they don't know. */
export type JournalEntry = RunEntry | JobEntry | EndEntry
