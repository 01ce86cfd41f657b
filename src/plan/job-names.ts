import { ComfyRunError } from '../errors.ts'
import { findRoles, type Role } from '../workflow/roles.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { located } from './assign.ts'
import { currentValue } from './job-draft.ts'
import type { Job } from './job.ts'
import { NameRegister } from './name-register.ts'
import { parseTemplate, type NameTemplate } from './name-template.ts'
import { defaultName, fillTemplate, type NameValues } from './names.ts'
import { cellOf, type Cell, type Row } from './row.ts'

/** A job that still needs its name. */
export interface UnnamedJob extends Pick<Job, 'index' | 'params'> {
  readonly copy: number
  /** Where the graph is that will run: it is made only if a name needs more than the job's own settings. */
  readonly seeded: Pick<Job, 'workflow'>
}

/** What a job was made from. */
export interface Making {
  /** The workflow before the job's settings: its roles are those of the job's graph. */
  readonly base: Workflow
  readonly row: Row | undefined
  /** What `templateOf` gave for the row. */
  readonly template: NameTemplate | undefined
}

/** Names the jobs of one walk over a plan, each with a name that no other has. */
export class JobNames {
  readonly #template: NameTemplate | undefined
  readonly #startedAt: Date
  readonly #register = new NameRegister()

  /** Throws ComfyRunError `bad-option` for a template that can not be read. */
  constructor(template: string | undefined, startedAt: Date) {
    this.#template = template === undefined ? undefined : parseTemplate(template)
    this.#startedAt = startedAt
  }

  /** The template of a row: its own, or that of the plan. Throws ComfyRunError `bad-option`, `bad-value`. */
  templateOf(row: Row | undefined): NameTemplate | undefined {
    const cell = cellOf(row, 'name')
    if (!cell) return this.#template
    try {
      return parseTemplate(textOf(cell))
    } catch (error) {
      throw located(error, () => cell.where)
    }
  }

  /**
   * Names a job. Without a template a name that is taken gets a number; with one it is an error. Throws
   * ComfyRunError `name-clash`, `bad-value`.
   */
  nameOf(job: UnnamedJob, { base, row, template }: Making): string {
    const values = this.#valuesOf(job, base, row)
    if (!template) return this.#register.settle(defaultName(values), row?.origin)
    try {
      const name = fillTemplate(template, values)
      this.#register.claim(name, row?.origin)
      return name
    } catch (error) {
      // Only here, as places are costly.
      throw located(error, () => cellOf(row, 'name')?.where ?? row?.origin)
    }
  }

  #valuesOf(job: UnnamedJob, base: Workflow, row: Row | undefined): NameValues {
    const { index, copy, params } = job
    const roles = findRoles(base)
    return {
      index,
      copy,
      date: this.#startedAt,
      workflow: base.source,
      role: (name) => {
        const target = roles.get(name as Role)?.targets[0]
        return params[name] ?? (target && currentValue(job.seeded.workflow, target))
      },
      row: {
        get: (key) => cellOf(row, key)?.value,
        keys: () => (row?.cells ?? []).map(({ key }) => key)[Symbol.iterator](),
      },
    }
  }
}

function textOf({ key, value }: Cell): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw new ComfyRunError('bad-value', `${key} must be a text`)
}
