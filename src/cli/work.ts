import type { Job } from '../plan/job.ts'
import type { NameKnowledge } from '../plan/name-register.ts'
import type { PassedCheck } from '../run/journal/entries.ts'
import type { Scope } from '../run/journal/read.ts'

/** A plan that has been checked: what is left is to show it or to run it. */
export interface Work {
  /** The jobs, walked anew at each call. */
  readonly jobs: () => AsyncIterable<Job>
  readonly count: number
  /** What the walks know of the names, and are told of them. */
  readonly names?: NameKnowledge
  /** What the journal of the output folder tells of earlier runs. */
  readonly scope: Scope
  /** The check that the plan has passed, if a later run may go by it. */
  readonly passed?: PassedCheck
  /** Whether the last run did all of just this plan. */
  readonly wasDone?: boolean
  /** The jobs file, if there is one; `-` for stdin. */
  readonly source?: string
  /** What `-` stands for, if it is not stdin. */
  readonly pipe?: AsyncIterable<Uint8Array>
  /** Whether jobs are to run in just this order. */
  readonly keepOrder?: boolean
  /** Whether the run keeps a journal. */
  readonly isJournalled: boolean
}
