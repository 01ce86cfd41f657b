import { ComfyRunError } from '../errors.ts'
import type { Expectation } from '../expectations.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { attempt, located, type Assignment, type LayerSetting, type Report } from './assign.ts'
import { draftJob, type JobDraft } from './job-draft.ts'
import { JobNames } from './job-names.ts'
import type { NameKnowledge } from './name-register.ts'
import { seedJob, seedsPerCopy, type Variant } from './job-seeds.ts'
import { CellSetting, optionLayers } from './layers.ts'
import type { PlanOptions } from './plan-options.ts'
import { PlannedJob } from './planned-job.ts'
import { cellOf, type Cell, type Row } from './row.ts'
import { RowLoras } from './row-loras.ts'
import { RowExpectations } from './row-expectations.ts'
import { RowPlan } from './row-plan.ts'
import { RowShapes, type RowShape } from './row-shapes.ts'
import { RowWorkflows } from './row-workflows.ts'
import { SeedCounters, SeedDraw } from './seeds.ts'
import { readNumber } from './values.ts'

/** The files that rows name, and graphs made for them: both walks over a plan use the same. */
class RowFiles {
  readonly workflows: RowWorkflows
  readonly expectations: RowExpectations
  readonly loras: RowLoras

  constructor({ sourceFolder, defaults, loading }: PlanOptions) {
    this.loras = new RowLoras(defaults)
    this.workflows = new RowWorkflows(sourceFolder, loading)
    this.expectations = new RowExpectations(sourceFolder)
  }
}

const rowFiles = new WeakMap<PlanOptions, RowFiles>()
const noCells: readonly Cell[] = []
const noNotes: Readonly<Record<string, JsonValue>> = {}

/** Turns rows into jobs. It remembers the names it gave, so each walk over a plan needs one of its own. */
export class Planner {
  readonly #options: PlanOptions
  readonly #shapes = new WeakMap<Workflow, RowShapes>()
  readonly #files: RowFiles
  readonly #names: JobNames
  readonly #meta: ReadonlySet<string>
  readonly #optionLayers: readonly (readonly LayerSetting[])[]
  readonly #seeds: { readonly draw: SeedDraw; readonly counters: SeedCounters }
  #jobs = 0
  #rows = 0

  /**
   * With `onlyChosenNames`, jobs have no names but those that the user chose: see `JobNames`. `names` is what earlier
   * walks over the plan have found. Throws ComfyRunError `bad-option` for a name template that can not be read.
   */
  constructor(
    options: PlanOptions,
    {
      onlyChosenNames = false,
      names,
    }: { readonly onlyChosenNames?: boolean; readonly names?: NameKnowledge } = {},
  ) {
    this.#options = options
    const { nameTemplate, startedAt = new Date() } = options
    this.#names = new JobNames(nameTemplate, startedAt, onlyChosenNames, names)
    this.#meta = new Set(options.metaColumns)
    this.#optionLayers = optionLayers(options)
    this.#seeds = { draw: new SeedDraw(options.seedSalt), counters: new SeedCounters() }
    this.#files = rowFiles.get(options) ?? new RowFiles(options)
    rowFiles.set(options, this.#files)
  }

  /** Whether chosen names could clash with some that were left out: then the plan is to be walked with all names. */
  get areNamesMixed(): boolean {
    return this.#names.areMixed
  }

  /** Whether each job so far has a name, and the one that it wanted. */
  get areNamesDistinct(): boolean {
    return this.#names.areDistinct
  }

  /**
   * The jobs of one row; none if anything is wrong with it, which is reported. A promise only if the row names files,
   * which have to be waited for: rows come by the million.
   */
  jobsOf(row: Row | undefined, report: Report): Iterable<PlannedJob> | Promise<Iterable<PlannedJob>> {
    this.#rows += 1
    if (row?.fault) {
      report(row.fault)
      return []
    }
    const faults = new FaultCount(report)
    const workflow = cellOf(row, 'workflow')
    const expect = cellOf(row, 'expect')
    if (!workflow && !expect) return this.#jobsWith(row, this.#defaultFor(row), undefined, faults)
    return this.#jobsWithFiles(row, { workflow, expect }, faults)
  }

  async #jobsWithFiles(
    row: Row | undefined,
    cells: { readonly workflow: Cell | undefined; readonly expect: Cell | undefined },
    faults: FaultCount,
  ): Promise<Iterable<PlannedJob>> {
    const { workflows, expectations } = this.#files
    const workflow = cells.workflow
      ? await attemptAsync(faults.report, workflows.load(cells.workflow))
      : this.#defaultFor(row)
    const expect = cells.expect && (await attemptAsync(faults.report, expectations.of(cells.expect)))
    return this.#jobsWith(row, workflow, expect, faults)
  }

  #jobsWith(
    row: Row | undefined,
    workflow: Workflow | undefined,
    expect: readonly Expectation[] | undefined,
    faults: FaultCount,
  ): Iterable<PlannedJob> | Promise<Iterable<PlannedJob>> {
    const { report } = faults
    const place = (): Row['origin'] | undefined => row?.origin
    const copies = attempt(report, () => readCount(row) ?? this.#options.copies ?? 1, place)
    const template = attempt(report, () => this.#names.templateOf(row), place)
    const base = workflow && attempt(report, () => this.#files.loras.applied(workflow, row), place)
    if (!base) return []
    const cells = row?.cells ?? noCells
    const shape = this.#shapesOf(base).of(cells, template, report)
    const plan = new RowPlan(row, this.#rows, base, expect, template, copies ?? 1)
    const lora = this.#files.loras.asked(row)
    const notes = lora ? { ...notesOf(shape, cells), lora: lora.value } : notesOf(shape, cells)
    const draft = draftJob(base, this.#assignments(shape, cells), report, notes)
    if (draft instanceof Promise) return draft.then((made) => this.#jobsOf(plan, made, faults))
    return this.#jobsOf(plan, draft, faults)
  }

  #jobsOf(plan: RowPlan, draft: JobDraft, faults: FaultCount): Iterable<PlannedJob> {
    const seeds = attempt(
      faults.report,
      () => seedsPerCopy(draft),
      () => plan.row?.origin,
    )
    if (faults.count > 0 || seeds === undefined) return []
    plan.draft = draft
    const count = plan.copies * seeds
    if (count > 1) return this.#manyJobs(plan, seeds, count, faults.report)
    const job = this.#attemptJob(plan, onlyVariant, faults.report)
    return job ? [job] : []
  }

  #defaultFor(row: Row | undefined): Workflow {
    return (row && this.#options.workflowFor?.(row)) ?? this.#options.workflow
  }

  #shapesOf(workflow: Workflow): RowShapes {
    let shapes = this.#shapes.get(workflow)
    if (!shapes) {
      const [optionLayers, meta] = [this.#optionLayers, this.#meta]
      shapes = new RowShapes(workflow, { optionLayers, meta, folder: this.#options.sourceFolder })
      this.#shapes.set(workflow, shapes)
    }
    return shapes
  }

  #assignments({ options, settings }: RowShape, cells: readonly Cell[]): Assignment[] {
    const assignments = options.slice()
    for (const { at, targets } of settings)
      assignments.push({ setting: new CellSetting(cells[at] as Cell, this.#options.sourceFolder), targets })
    return assignments
  }

  *#manyJobs(plan: RowPlan, seeds: number, count: number, report: Report): Generator<PlannedJob> {
    for (let number = 0; number < count; number++) {
      const variant = { copy: 1 + Math.floor(number / seeds), seedIndex: number % seeds }
      const job = this.#attemptJob(plan, variant, report)
      if (!job) return
      yield job
    }
  }

  #attemptJob(plan: RowPlan, variant: Variant, report: Report): PlannedJob | undefined {
    return attempt(
      report,
      () => this.#job(plan, variant),
      () => plan.row?.origin,
    )
  }

  #job(plan: RowPlan, variant: Variant): PlannedJob {
    const { draft, workflow } = plan
    const seeded = seedJob(workflow, draft, variant, this.#seeds)
    const job = new PlannedJob(++this.#jobs, seeded, plan, this.#names, variant.copy)
    if (!this.#names.canWait()) job.settleName()
    return job
  }
}

const onlyVariant: Variant = { copy: 1, seedIndex: 0 }

/** Counts what is wrong with a row, and hands it on. */
class FaultCount {
  count = 0
  readonly report: Report

  constructor(report: Report) {
    this.report = (error) => {
      this.count++
      report(error)
    }
  }
}

function notesOf({ notes }: RowShape, cells: readonly Cell[]): Readonly<Record<string, JsonValue>> {
  if (notes.length === 0) return noNotes
  const found: Record<string, JsonValue> = {}
  for (const { at, key } of notes) found[key] = (cells[at] as Cell).value
  return found
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
