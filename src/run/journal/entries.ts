import type { ErrorCode } from '../../errors.ts'

/** The version of the journal's format, in the first line of every run. */
export const journalFormat = 1

/** A run began. */
export interface RunEntry {
  readonly type: 'run'
  readonly format: typeof journalFormat
  /** comfy-run's own version. */
  readonly version: string
  /** Seeds are drawn from it: the runs of one journal share it, so that going on draws the same seeds. */
  readonly salt: string
  /** ISO 8601, as in every entry. */
  readonly at: string
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

/** One line of a journal. Readers ignore lines of types that they don't know. */
export type JournalEntry = RunEntry | SubmittedEntry | DoneEntry | FailedEntry
