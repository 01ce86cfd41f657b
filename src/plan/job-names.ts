import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { findRoles, type Role } from '../workflow/roles.ts'
import { located } from './assign.ts'
import { NameRegister, type NameKnowledge } from './name-register.ts'
import type { Template } from '../templates.ts'
import { parseNameTemplate } from './name-template.ts'
import { defaultName, fillName, type NameValues } from './names.ts'
import type { PlannedJob } from './planned-job.ts'
import type { RowPlan } from './row-plan.ts'
import { cellOf, type Cell, type Row } from './row.ts'

/** A job that still needs its name. */
export type UnnamedJob = Pick<PlannedJob, 'index' | 'param' | 'inputValue'>

/** What the job was made from. */
export type Making = Pick<RowPlan, 'row' | 'workflow' | 'template'>

/** Names the jobs of one walk over a plan, each with a name that no other has. */
export class JobNames {
  readonly #template: Template | undefined
  readonly #startedAt: Date
  readonly #register: NameRegister
  readonly #onlyChosen: boolean
  readonly #known: Readonly<NameKnowledge>
  #hasChosen = false
  #hasLeftOut = false

  /**
   * With `onlyChosen`, names that the user did not choose are left out: they make way for others by a number, so nothing
   * can be wrong with them but with a chosen one beside them. `known` is what earlier walks have found. Throws
   * ComfyRunError `bad-option` for a template that can not be read.
   */
  constructor(
    template: string | undefined,
    startedAt: Date,
    onlyChosen = false,
    known: Readonly<NameKnowledge> = { areDistinct: false },
  ) {
    this.#known = known
    this.#register = new NameRegister(known)
    this.#template = template === undefined ? undefined : parseNameTemplate(template)
    this.#startedAt = startedAt
    this.#onlyChosen = onlyChosen
  }

  /** Whether names were left out that could clash with a chosen one. */
  get areMixed(): boolean {
    return this.#hasChosen && this.#hasLeftOut
  }

  /** Whether each job so far has a name, and the one that it wanted. */
  get areDistinct(): boolean {
    return this.#register.areDistinct && !this.#hasLeftOut
  }

  /** The template of a row: its own, or that of the plan. Throws ComfyRunError `bad-option`, `bad-value`. */
  templateOf(row: Row | undefined): Template | undefined {
    const cell = cellOf(row, 'name')
    if (!cell) return this.#template
    try {
      return parseNameTemplate(textOf(cell))
    } catch (error) {
      throw located(error, () => cell.where)
    }
  }

  /** Whether the next job's name need not be made in the order of the jobs, as it depends on no other, or nobody wants it. */
  canWait(): boolean {
    const { areDistinct, areWanted = true } = this.#known
    this.#hasLeftOut ||= !areWanted
    return areDistinct || !areWanted
  }

  /**
   * Names a job. Without a template a name that is taken gets a number; with one it is an error. Throws
   * ComfyRunError `name-clash`, `bad-value`.
   */
  nameOf(job: UnnamedJob, copy: number, making: Making): string {
    const { row, template } = making
    if (template) this.#hasChosen = true
    else if (this.#onlyChosen) {
      this.#hasLeftOut = true
      return ''
    }
    const values = new JobValues(job, copy, making, this.#startedAt)
    if (!template) return this.#register.settle(defaultName(values))
    try {
      const name = fillName(template, values)
      this.#register.claim(name)
      return name
    } catch (error) {
      // Only here, as places are costly.
      throw located(error, () => cellOf(row, 'name')?.where ?? row?.origin)
    }
  }
}

/** What the name of one job can be made of. A class with methods, as names are made by the million. */
class JobValues implements NameValues {
  readonly copy: number
  readonly date: Date
  readonly #job: UnnamedJob
  readonly #making: Making

  constructor(job: UnnamedJob, copy: number, making: Making, date: Date) {
    this.copy = copy
    this.date = date
    this.#job = job
    this.#making = making
  }

  get index(): number {
    return this.#job.index
  }

  get workflow(): string {
    return this.#making.workflow.source
  }

  role(name: string): JsonValue | undefined {
    const set = this.#job.param(name)
    if (set !== undefined) return set
    const target = findRoles(this.#making.workflow).get(name as Role)?.targets[0]
    return target && this.#job.inputValue(target)
  }

  cell(key: string): JsonValue | undefined {
    return cellOf(this.#making.row, key)?.value
  }

  columns(): string[] {
    return (this.#making.row?.cells ?? []).map(({ key }) => key)
  }
}

function textOf({ key, value }: Cell): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw new ComfyRunError('bad-value', `${key} must be a text`)
}
