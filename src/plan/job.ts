import type { Where } from '../errors.ts'
import type { Expectation } from '../expectations.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'

/** A local file that must be on the server before the job runs. */
export interface JobUpload {
  /** Absolute path. */
  readonly file: string
  /** SHA-256 of the bytes, in hex: equal files are uploaded once. */
  readonly hash: string
  /** The inputs that get the name which the server gives to the file. */
  readonly targets: readonly InputRef[]
}

/** One run of one graph: everything that a server and the disk need to know. */
export interface Job {
  /** Position in the plan, from 1. */
  readonly index: number
  /**
   * SHA-256 of the request (graph without drawn seeds, bytes of input files, copy number). Equal requests
   * have equal keys, wherever their row stands.
   */
  readonly key: string
  /** The values that the user chose, by role or address, and the seed: for names, messages and records. */
  readonly params: Readonly<Record<string, JsonValue>>
  /** The patched graph. Inputs named in `uploads` still hold their old values. */
  readonly workflow: Workflow
  /**
   * The workflow before the job's settings: it has the same nodes, and their inputs play the same roles. Many jobs have the
   * same one. Missing if there was none.
   */
  readonly base?: Workflow
  readonly uploads: readonly JobUpload[]
  /** Stem of the job's file names, relative to the output folder, unique within the run. May contain `/`. */
  readonly name: string
  /** What its own row wants its outputs to be, besides what the run wants of all. Default: nothing. */
  readonly expect?: readonly Expectation[]
  /** The row or argument that asked for the job. */
  readonly origin?: Where
  /** The number of that row among those of its source, from 1. Missing if no row asked for it. */
  readonly row?: number
}
