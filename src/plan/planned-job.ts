import type { Where } from '../errors.ts'
import type { Expectation } from '../expectations.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { Patch } from '../workflow/patch.ts'
import type { InputRef, Workflow } from '../workflow/workflow.ts'
import type { JobKey } from './job-key.ts'
import type { JobNames } from './job-names.ts'
import type { SeededJob } from './job-seeds.ts'
import type { Job, JobUpload } from './job.ts'
import type { RowPlan } from './row-plan.ts'
import type { Template } from '../templates.ts'

/**
 * A job of a plan. What takes time is made when it is first asked for: a plan is walked once just to check it, and rows
 * come by the million.
 */
export class PlannedJob implements Job {
  readonly index: number
  readonly #seeded: SeededJob
  readonly #plan: RowPlan
  readonly #names: JobNames
  readonly #copy: number
  #name: string | undefined
  #params: Readonly<Record<string, JsonValue>> | undefined

  constructor(index: number, seeded: SeededJob, plan: RowPlan, names: JobNames, copy: number) {
    this.index = index
    this.#seeded = seeded
    this.#plan = plan
    this.#names = names
    this.#copy = copy
  }

  get name(): string {
    return this.#name ?? this.settleName()
  }

  /**
   * Makes the name, which depends on those that were made before. Throws ComfyRunError `name-clash`, `bad-value` with the
   * place of what is wrong.
   */
  settleName(): string {
    this.#name = this.#names.nameOf(this, this.#copy, this.#plan)
    return this.#name
  }

  get params(): Readonly<Record<string, JsonValue>> {
    const { seed } = this.#seeded
    this.#params ??= { ...this.#plan.draft.params, ...(seed !== undefined && { seed }) }
    return this.#params
  }

  /** One of `params`, without the others. */
  param(name: string): JsonValue | undefined {
    if (name === 'seed' && this.#seeded.seed !== undefined) return this.#seeded.seed
    return this.#plan.draft.params[name]
  }

  get key(): string {
    return this.#seeded.key.toString()
  }

  /** The key as it was made. */
  get hash(): JobKey {
    return this.#seeded.key
  }

  get uploads(): readonly JobUpload[] {
    return this.#plan.draft.uploads
  }

  get expect(): readonly Expectation[] | undefined {
    return this.#plan.expect
  }

  get origin(): Where | undefined {
    return this.#plan.row?.origin
  }

  get row(): number | undefined {
    return this.#plan.row && this.#plan.number
  }

  get workflow(): Workflow {
    return this.#seeded.workflow
  }

  get base(): Workflow {
    return this.#plan.workflow
  }

  /** What its name was made of, if the user chose that. */
  get nameTemplate(): Template | undefined {
    return this.#plan.template
  }

  /** What the job sets in it, but for the names of uploaded files. */
  get patches(): readonly Patch[] {
    return this.#seeded.patches
  }

  /** What an input of the job's graph holds, without making the graph. */
  inputValue(ref: InputRef): JsonValue | undefined {
    return this.#seeded.inputValue(ref)
  }
}
