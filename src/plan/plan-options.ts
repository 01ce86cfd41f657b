import type { LoadOptions } from '../workflow/load.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { Row, Setting } from './row.ts'

/** What a plan is made of. */
export interface PlanOptions {
  /** For rows that name no workflow of their own. */
  readonly workflow: Workflow
  /** Chooses the workflow of a row that names none; undefined leaves it at `workflow`. */
  readonly workflowFor?: (row: Row) => Workflow | undefined
  /** How the workflows of rows that name one of their own are loaded. */
  readonly loading?: LoadOptions
  /** One or more jobs for each row. Without rows there is one job (times `copies`). */
  readonly rows?: AsyncIterable<Row>
  /** Settings for every job; a row's own cells come before them. Paths in them start from the current folder. */
  readonly defaults: readonly Setting[]
  /** How many jobs for each row that has no `count`. From 1; default 1. */
  readonly copies?: number
  /** The first copy's seed; the next copies get one more each. Default: drawn for each job. */
  readonly seed?: bigint | number
  /** Drawn seeds depend on it and on the job's key, and on nothing else. */
  readonly seedSalt: string
  /** Default: `{prompt:40}_{seed}`, with a number after it where names clash. */
  readonly nameTemplate?: string
  /** Columns that are only for names and records, whatever they are called. */
  readonly metaColumns?: readonly string[]
  /** Where relative paths in cells start from: the folder of the jobs file. */
  readonly sourceFolder: string
  /** For `{date}`. Default: now. */
  readonly startedAt?: Date
}
