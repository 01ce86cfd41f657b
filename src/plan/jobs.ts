import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { patchWorkflow } from '../workflow/patch.ts'
import { findRoles, type Role } from '../workflow/roles.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { Addresses, attempt, type LayerSetting, type Report } from './assign.ts'
import { currentValue, draftJob, type JobDraft } from './job-draft.ts'
import { jobKey } from './job-key.ts'
import type { Job } from './job.ts'
import { NameRegister } from './name-register.ts'
import { parseTemplate, type NameTemplate } from './name-template.ts'
import { defaultName, fillTemplate, type NameValues } from './names.ts'
import type { Cell, Row, Setting } from './row.ts'
import { drawSeed, seedOfCopy } from './seeds.ts'
import { readNumber } from './values.ts'

/** What a plan is made of. */
export interface PlanOptions {
  readonly workflow: Workflow
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
  /** Where relative paths in cells start from: the folder of the jobs file. */
  readonly sourceFolder: string
  /** For `{date}`. Default: now. */
  readonly startedAt?: Date
}

/**
 * The jobs of a plan, one after the other: rows in their order, copies of a row together. Throws ComfyRunError at
 * the first row that is wrong; `checkPlan` finds all of them.
 */
export async function* planJobs(options: PlanOptions): AsyncGenerator<Job> {
  const planner = new Planner(options)
  const fail = (error: ComfyRunError): never => {
    throw error
  }
  for await (const row of options.rows ?? [undefined]) yield* await planner.jobsOf(row, fail)
}

/** Turns rows into jobs. It remembers the names it gave, so each walk over a plan needs one of its own. */
export class Planner {
  readonly #options: PlanOptions
  readonly #addresses: Addresses
  readonly #names = new NameRegister()
  readonly #template: NameTemplate | undefined
  readonly #startedAt: Date
  #jobs = 0

  /** Throws ComfyRunError `bad-option` for a name template that can not be read. */
  constructor(options: PlanOptions) {
    this.#options = options
    this.#addresses = new Addresses(options.workflow)
    this.#template = options.nameTemplate === undefined ? undefined : parseTemplate(options.nameTemplate)
    this.#startedAt = options.startedAt ?? new Date()
  }

  /** The jobs of one row; none if anything is wrong with it, which is reported. */
  async jobsOf(row: Row | undefined, report: Report): Promise<Iterable<Job>> {
    if (row?.fault) {
      report(row.fault)
      return []
    }
    let faults = 0
    const count = (error: ComfyRunError): void => {
      faults++
      report(error)
    }
    const { copies = 1 } = this.#options
    const countCell = cellOf(row, 'count')
    const nameCell = cellOf(row, 'name')
    const rowCopies = countCell
      ? attempt(
          count,
          () => readCount(countCell),
          () => countCell.where,
        )
      : copies
    const template = nameCell
      ? attempt(
          count,
          () => parseTemplate(textOf(nameCell)),
          () => nameCell.where,
        )
      : this.#template
    const draft = await draftJob(this.#options.workflow, this.#addresses, this.#layers(row), count)
    if (faults > 0 || rowCopies === undefined) return []
    return this.#copies(row, draft, rowCopies, template, report)
  }

  *#copies(
    row: Row | undefined,
    draft: JobDraft,
    copies: number,
    template: NameTemplate | undefined,
    report: Report,
  ): Generator<Job> {
    for (let copy = 1; copy <= copies; copy++) {
      const job = attempt(
        report,
        () => this.#job(row, draft, copy, template),
        () => row?.origin,
      )
      if (!job) return
      yield job
    }
  }

  #job(row: Row | undefined, draft: JobDraft, copy: number, template: NameTemplate | undefined): Job {
    const { uploads } = draft
    const { key, workflow, seed } = this.#seeded(draft, copy)
    const params: Record<string, JsonValue> = { ...draft.params, ...rowParams(row) }
    if (seed !== undefined) params['seed'] = seed
    const index = ++this.#jobs
    const values = this.#nameValues(row, { index, copy, params, workflow })
    const where = cellOf(row, 'name')?.where ?? row?.origin
    let name: string
    if (template) {
      name = fillTemplate(template, values, where)
      this.#names.claim(name, where)
    } else {
      name = this.#names.settle(defaultName(values), where)
    }
    return { index, key, params, workflow, uploads, name, ...(row && { origin: row.origin }) }
  }

  /** Sets the seeds of one copy. Drawn ones play no part in the key, and are drawn by it. */
  #seeded(
    { workflow, seeds, uploads }: JobDraft,
    copy: number,
  ): { key: string; workflow: Workflow; seed: JsonValue | undefined } {
    const drawn = seeds.filter(({ choice }) => choice === 'random').map(({ target }) => target)
    const fixed = seeds.flatMap(({ target, choice, setting }) =>
      choice === 'random' ? [] : [{ target, value: seedOfCopy(choice, copy, setting?.where) }],
    )
    const withFixed = fixed.length > 0 ? patchWorkflow(workflow, fixed).workflow : workflow
    const key = jobKey({ workflow: withFixed, drawn, uploads, copy })
    const value = drawSeed(this.#options.seedSalt, key)
    const settings = drawn.map((target) => ({ target, value }))
    const seeded = drawn.length > 0 ? patchWorkflow(withFixed, settings).workflow : withFixed
    const first = seeds[0]
    return { key, workflow: seeded, seed: first && currentValue(seeded, first.target) }
  }

  #nameValues(
    row: Row | undefined,
    job: Pick<Job, 'index' | 'params' | 'workflow'> & { readonly copy: number },
  ): NameValues {
    const roles = findRoles(this.#options.workflow)
    return {
      index: job.index,
      copy: job.copy,
      date: this.#startedAt,
      workflow: this.#options.workflow.source,
      role: (name) => {
        const target = roles.get(name as Role)?.targets[0]
        return job.params[name] ?? (target && currentValue(job.workflow, target))
      },
      row: new Map(row?.cells.map(({ key, value }) => [key, value])),
    }
  }

  /** What sets inputs, from the weakest to the strongest: the file's defaults, the options, the row. */
  #layers(row: Row | undefined): LayerSetting[][] {
    const { defaults, seed, sourceFolder } = this.#options
    const cells = (row?.cells ?? []).filter(({ key }) => key !== 'name' && key !== 'count' && !isNote(key))
    const fromCells = (shared: boolean): LayerSetting[] =>
      cells
        .filter((cell) => (cell.shared ?? false) === shared)
        .map((cell) => ({
          address: cell.key,
          value: cell.value,
          typed: cell.typed,
          folder: sourceFolder,
          // Getters, as places are costly and only read for messages.
          get where() {
            return cell.where
          },
          get addressWhere() {
            return cell.keyWhere
          },
        }))
    const folder = process.cwd()
    return [
      fromCells(true),
      seed === undefined ? [] : [{ address: 'seed', value: seed, typed: true, folder }],
      defaults.map((setting) => ({ ...setting, folder })),
      fromCells(false),
    ]
  }
}

/** Columns that are only for names and records. */
function isNote(key: string): boolean {
  return key.startsWith('row.')
}

function rowParams(row: Row | undefined): Record<string, JsonValue> {
  const notes = row?.cells.filter(({ key }) => isNote(key)) ?? []
  return Object.fromEntries(notes.map(({ key, value }) => [key, value]))
}

function cellOf(row: Row | undefined, key: string): Cell | undefined {
  return row?.cells.find((cell) => cell.key === key)
}

function textOf({ key, value, where }: Cell): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  throw new ComfyRunError('bad-value', `${key} must be a text`, { where })
}

function readCount({ value, where }: Cell): number {
  const count = typeof value === 'string' ? readNumber(value.trim(), where) : value
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return count
  throw new ComfyRunError('bad-value', 'count must be a whole number from 1 on', { where })
}
