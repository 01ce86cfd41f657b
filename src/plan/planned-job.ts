import type { Where } from '../errors.ts'
import type { Expectation } from '../expectations.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { SeededJob } from './job-seeds.ts'
import type { Job, JobUpload } from './job.ts'
import type { Row } from './row.ts'

/** A job of a plan. Its graph is made when it is first asked for: a plan is walked once just to check it. */
export class PlannedJob implements Job {
  readonly index: number
  readonly key: string
  readonly params: Readonly<Record<string, JsonValue>>
  readonly uploads: readonly JobUpload[]
  readonly name: string
  readonly expect?: readonly Expectation[]
  readonly origin?: Where
  readonly #seeded: SeededJob

  constructor(
    index: number,
    name: string,
    params: Readonly<Record<string, JsonValue>>,
    uploads: readonly JobUpload[],
    seeded: SeededJob,
    { row, expect }: { readonly row: Row | undefined; readonly expect: readonly Expectation[] | undefined },
  ) {
    this.index = index
    this.key = seeded.key
    this.params = params
    this.uploads = uploads
    this.name = name
    if (expect) this.expect = expect
    if (row) this.origin = row.origin
    this.#seeded = seeded
  }

  get workflow(): Workflow {
    return this.#seeded.workflow
  }
}
