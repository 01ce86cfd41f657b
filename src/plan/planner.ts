import { ComfyRunError } from '../errors.ts'
import type { Expectation } from '../expectations.ts'
import type { JsonValue } from '../protocol/json.ts'
import { roleNames } from '../workflow/roles.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { Addresses, assign, attempt, jobColumns, located, type LayerSetting, type Report } from './assign.ts'
import { draftJob, type JobDraft } from './job-draft.ts'
import { JobNames } from './job-names.ts'
import { seedJob, seedsPerCopy, type Variant } from './job-seeds.ts'
import type { Job } from './job.ts'
import { CellSetting, optionLayers } from './layers.ts'
import { usesColumn, type NameTemplate } from './name-template.ts'
import type { PlanOptions } from './plan-options.ts'
import { PlannedJob } from './planned-job.ts'
import { cellOf, type Row } from './row.ts'
import { RowExpectations } from './row-expectations.ts'
import { RowWorkflows } from './row-workflows.ts'
import { SeedCounters } from './seeds.ts'
import { readNumber } from './values.ts'

/** What all jobs of one row have in common. */
interface RowPlan {
  readonly row: Row | undefined
  readonly workflow: Workflow
  readonly draft: JobDraft
  readonly template: NameTemplate | undefined
  readonly expect: readonly Expectation[] | undefined
  readonly copies: number
  /** How many jobs each copy is. */
  readonly seeds: number
}

/** A row's cells by what they are for. */
interface Sorted {
  /** Settings from the file's defaults. */
  readonly shared: readonly LayerSetting[]
  readonly own: readonly LayerSetting[]
  /** Only for names and records. */
  readonly notes: Readonly<Record<string, JsonValue>>
}

/** The files that rows name: both walks over a plan use the same. */
class RowFiles {
  readonly workflows: RowWorkflows
  readonly expectations: RowExpectations

  constructor({ sourceFolder }: PlanOptions) {
    this.workflows = new RowWorkflows(sourceFolder)
    this.expectations = new RowExpectations(sourceFolder)
  }
}

const rowFiles = new WeakMap<PlanOptions, RowFiles>()

/** Turns rows into jobs. It remembers the names it gave, so each walk over a plan needs one of its own. */
export class Planner {
  readonly #options: PlanOptions
  readonly #addresses = new WeakMap<Workflow, Addresses>()
  readonly #files: RowFiles
  readonly #names: JobNames
  readonly #meta: ReadonlySet<string>
  readonly #optionLayers: readonly (readonly LayerSetting[])[]
  readonly #seeds: { readonly salt: string; readonly counters: SeedCounters }
  #jobs = 0

  /** Throws ComfyRunError `bad-option` for a name template that can not be read. */
  constructor(options: PlanOptions) {
    this.#options = options
    this.#names = new JobNames(options.nameTemplate, options.startedAt ?? new Date())
    this.#meta = new Set(options.metaColumns)
    this.#optionLayers = optionLayers(options)
    this.#seeds = { salt: options.seedSalt, counters: new SeedCounters() }
    this.#files = rowFiles.get(options) ?? new RowFiles(options)
    rowFiles.set(options, this.#files)
  }

  /** The jobs of one row; none if anything is wrong with it, which is reported. */
  async jobsOf(row: Row | undefined, report: Report): Promise<Iterable<Job>> {
    if (row?.fault) {
      report(row.fault)
      return []
    }
    let faults = 0
    const count: Report = (error) => {
      faults++
      report(error)
    }
    const place = (): Row['origin'] | undefined => row?.origin
    const ownWorkflow = cellOf(row, 'workflow')
    const ownExpect = cellOf(row, 'expect')
    // Awaited only where there is something to wait for: rows come by the million.
    const workflow = ownWorkflow
      ? await attemptAsync(count, this.#files.workflows.load(ownWorkflow))
      : this.#defaultFor(row)
    const expect = ownExpect && (await attemptAsync(count, this.#files.expectations.of(ownExpect)))
    const copies = attempt(count, () => readCount(row) ?? this.#options.copies ?? 1, place)
    const template = attempt(count, () => this.#names.templateOf(row), place)
    if (!workflow) return []
    const addresses = this.#addressesOf(workflow)
    const { shared, own, notes } = this.#sort(row, addresses, template)
    const assignments = assign(addresses, [shared, ...this.#optionLayers, own], count)
    const draft = await draftJob(workflow, assignments, count, notes)
    const seeds = attempt(count, () => seedsPerCopy(draft), place)
    if (faults > 0 || copies === undefined || seeds === undefined) return []
    return this.#variants({ row, workflow, draft, template, expect, copies, seeds }, report)
  }

  #defaultFor(row: Row | undefined): Workflow {
    return (row && this.#options.workflowFor?.(row)) ?? this.#options.workflow
  }

  #addressesOf(workflow: Workflow): Addresses {
    const addresses = this.#addresses.get(workflow) ?? new Addresses(workflow)
    this.#addresses.set(workflow, addresses)
    return addresses
  }

  #sort(row: Row | undefined, addresses: Addresses, template: NameTemplate | undefined): Sorted {
    const shared: LayerSetting[] = []
    const own: LayerSetting[] = []
    const notes: Record<string, JsonValue> = {}
    for (const cell of row?.cells ?? []) {
      const { key } = cell
      if (this.#isNote(key, addresses, template))
        notes[key.startsWith('row.') ? key : `row.${key}`] = cell.value
      else if (!isJobColumn(key)) {
        ;(cell.shared ? shared : own).push(new CellSetting(cell, this.#options.sourceFolder))
      }
    }
    return { shared, own, notes }
  }

  #isNote(key: string, addresses: Addresses, template: NameTemplate | undefined): boolean {
    if (key.startsWith('row.') || this.#meta.has(key)) return true
    if (!template || isJobColumn(key) || isRole(key) || addresses.has(key)) return false
    return usesColumn(template, key)
  }

  *#variants(plan: RowPlan, report: Report): Generator<Job> {
    for (let number = 0; number < plan.copies * plan.seeds; number++) {
      const variant = { copy: 1 + Math.floor(number / plan.seeds), seedIndex: number % plan.seeds }
      const job = attempt(
        report,
        () => this.#job(plan, variant),
        () => plan.row?.origin,
      )
      if (!job) return
      yield job
    }
  }

  #job({ row, workflow: base, draft, template, expect }: RowPlan, variant: Variant): Job {
    const seeded = seedJob(base, draft, variant, this.#seeds)
    const params = { ...draft.params }
    if (seeded.seed !== undefined) params['seed'] = seeded.seed
    const index = ++this.#jobs
    const name = this.#names.nameOf({ index, copy: variant.copy, params, seeded }, { base, row, template })
    return new PlannedJob(index, name, params, draft.uploads, seeded, { row, expect })
  }
}

/** What is waited for; a ComfyRunError is reported, and undefined is given. */
async function attemptAsync<T>(report: Report, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    report(located(error, () => undefined))
    return undefined
  }
}

function isJobColumn(key: string): boolean {
  return (jobColumns as readonly string[]).includes(key)
}

function isRole(key: string): boolean {
  return (roleNames as readonly string[]).includes(key)
}

function readCount(row: Row | undefined): number | undefined {
  const cell = cellOf(row, 'count')
  if (!cell) return undefined
  const count = typeof cell.value === 'string' ? countOf(cell.value) : cell.value
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return count
  throw new ComfyRunError('bad-value', 'count must be a whole number from 1 on', { where: cell.where })
}

function countOf(text: string): number | bigint | undefined {
  return /^\+?\d+$/.test(text.trim()) ? readNumber(text.trim()) : undefined
}
