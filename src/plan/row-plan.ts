import type { Expectation } from '../expectations.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { JobDraft } from './job-draft.ts'
import type { Template } from '../templates.ts'
import type { Row } from './row.ts'

const nothing: JobDraft = { params: {}, patches: [], uploads: [], seeds: [] }

/**
 * What all jobs of one row have in common. A class, not a literal: V8 keeps the literals of a busy place where it keeps what
 * stays, and a million of them fill that up before it clears it.
 */
export class RowPlan {
  readonly row: Row | undefined
  /** The row's number among those of its source, from 1. */
  readonly number: number
  /** The workflow before the row's settings. */
  readonly workflow: Workflow
  readonly expect: readonly Expectation[] | undefined
  readonly template: Template | undefined
  readonly copies: number
  /** Set when the row has been read. */
  draft = nothing

  constructor(
    row: Row | undefined,
    number: number,
    workflow: Workflow,
    expect: readonly Expectation[] | undefined,
    template: Template | undefined,
    copies: number,
  ) {
    this.row = row
    this.number = number
    this.workflow = workflow
    this.expect = expect
    this.template = template
    this.copies = copies
  }
}
