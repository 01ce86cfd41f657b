import { ComfyRunError } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'
import { Addresses, assign, attempt, jobColumns, type LayerSetting, type Report } from './assign.ts'
import { draftJob, type JobDraft } from './job-draft.ts'
import { JobNames } from './job-names.ts'
import { seedJob, seedsPerCopy, type Variant } from './job-seeds.ts'
import type { Job } from './job.ts'
import type { NameTemplate } from './name-template.ts'
import type { PlanOptions } from './plan-options.ts'
import { cellOf, type Cell, type Row } from './row.ts'
import { SeedCounters } from './seeds.ts'
import { readNumber } from './values.ts'

/** Turns rows into jobs. It remembers the names it gave, so each walk over a plan needs one of its own. */
export class Planner {
  readonly #options: PlanOptions
  readonly #addresses: Addresses
  readonly #names: JobNames
  readonly #optionLayers: readonly (readonly LayerSetting[])[]
  readonly #seeds: { readonly salt: string; readonly counters: SeedCounters }
  #jobs = 0

  /** Throws ComfyRunError `bad-option` for a name template that can not be read. */
  constructor(options: PlanOptions) {
    this.#options = options
    this.#addresses = new Addresses(options.workflow)
    this.#names = new JobNames(options.workflow, options.nameTemplate, options.startedAt ?? new Date())
    this.#optionLayers = optionLayers(options)
    this.#seeds = { salt: options.seedSalt, counters: new SeedCounters() }
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
    const copies = attempt(count, () => readCount(row) ?? this.#options.copies ?? 1, place)
    const template = attempt(count, () => this.#names.templateOf(row), place)
    const draft = await this.#draft(row, count)
    const seeds = attempt(count, () => seedsPerCopy(draft), place)
    if (faults > 0 || copies === undefined || seeds === undefined) return []
    return this.#variants(row, draft, { copies, seeds }, template, report)
  }

  /** The layers, from the weakest to the strongest: the file's defaults, the options, the row. */
  #draft(row: Row | undefined, report: Report): Promise<JobDraft> {
    const { workflow, sourceFolder } = this.#options
    const cells = row?.cells ?? []
    const layers = [
      cellLayer(cells, true, sourceFolder),
      ...this.#optionLayers,
      cellLayer(cells, false, sourceFolder),
    ]
    return draftJob(workflow, assign(this.#addresses, layers, report), report)
  }

  *#variants(
    row: Row | undefined,
    draft: JobDraft,
    { copies, seeds }: { readonly copies: number; readonly seeds: number },
    template: NameTemplate | undefined,
    report: Report,
  ): Generator<Job> {
    const notes = notesOf(row)
    for (let number = 0; number < copies * seeds; number++) {
      const variant: Variant = { copy: 1 + Math.floor(number / seeds), seedIndex: number % seeds }
      const job = attempt(
        report,
        () => this.#job(row, draft, variant, template, notes),
        () => row?.origin,
      )
      if (!job) return
      yield job
    }
  }

  #job(
    row: Row | undefined,
    draft: JobDraft,
    variant: Variant,
    template: NameTemplate | undefined,
    notes: Readonly<Record<string, JsonValue>>,
  ): Job {
    const { key, workflow, seed } = seedJob(this.#options.workflow, draft, variant, this.#seeds)
    const params = { ...draft.params, ...notes, ...(seed !== undefined && { seed }) }
    const index = ++this.#jobs
    const name = this.#names.nameOf({ index, copy: variant.copy, params, workflow }, row, template)
    return { index, key, params, workflow, uploads: draft.uploads, name, ...(row && { origin: row.origin }) }
  }
}

function optionLayers({ defaults, seed }: PlanOptions): LayerSetting[][] {
  const folder = process.cwd()
  return [
    seed === undefined ? [] : [{ address: 'seed', value: seed, typed: true, folder }],
    defaults.map((setting) => ({ ...setting, folder })),
  ]
}

function cellLayer(cells: readonly Cell[], shared: boolean, folder: string): LayerSetting[] {
  const layer: LayerSetting[] = []
  for (const cell of cells) {
    if ((cell.shared ?? false) !== shared || isNote(cell.key) || isJobColumn(cell.key)) continue
    layer.push({
      address: cell.key,
      value: cell.value,
      typed: cell.typed,
      folder,
      // Getters, as places are costly and only read for messages.
      get where() {
        return cell.where
      },
      get addressWhere() {
        return cell.keyWhere
      },
    })
  }
  return layer
}

function isJobColumn(key: string): boolean {
  return (jobColumns as readonly string[]).includes(key)
}

/** Columns that are only for names and records. */
function isNote(key: string): boolean {
  return key.startsWith('row.')
}

function notesOf(row: Row | undefined): Record<string, JsonValue> {
  const notes = row?.cells.filter(({ key }) => isNote(key)) ?? []
  return Object.fromEntries(notes.map(({ key, value }) => [key, value]))
}

function readCount(row: Row | undefined): number | undefined {
  const cell = cellOf(row, 'count')
  if (!cell) return undefined
  const count = typeof cell.value === 'string' ? readNumber(cell.value.trim(), cell.where) : cell.value
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return count
  throw new ComfyRunError('bad-value', 'count must be a whole number from 1 on', { where: cell.where })
}
