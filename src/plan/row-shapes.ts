import type { InputRef, Workflow } from '../workflow/workflow.ts'
import { roleNames } from '../workflow/roles.ts'
import { Addresses, assign, jobColumns, type Assignment, type LayerSetting, type Report } from './assign.ts'
import { CellSetting } from './layers.ts'
import type { Template } from '../templates.ts'
import { columnsUsed } from './name-template.ts'
import type { Cell } from './row.ts'

/** What can be told of a row from its columns alone: found once for all rows that fill the same. */
export interface RowShape {
  /** Cells that set inputs, by their position in the row. */
  readonly settings: readonly { readonly at: number; readonly targets: readonly InputRef[] }[]
  /** The options that no cell overrides. */
  readonly options: readonly Assignment[]
  /** Cells that are only for names and records, and what they are called there. */
  readonly notes: readonly { readonly at: number; readonly key: string }[]
}

/** Rows are of few shapes. Those of a file with more are found anew for each row. */
const mostKept = 1000

/** The columns up to one of them, and those that may follow it. */
interface Step {
  readonly next: Map<string, Step>
  shape?: RowShape
}

const jobs: ReadonlySet<string> = new Set(jobColumns)
const roles: ReadonlySet<string> = new Set(roleNames)

/** The shapes of the rows of one plan that have one workflow. */
export class RowShapes {
  readonly #addresses: Addresses
  readonly #optionLayers: readonly (readonly LayerSetting[])[]
  readonly #meta: ReadonlySet<string>
  readonly #folder: string
  /** By the columns that the template uses. */
  readonly #roots = new Map<string, Step>()
  #kept = 0

  /** `optionLayers` are what options set, the weakest first; `meta` are columns for names and records only. */
  constructor(
    workflow: Workflow,
    options: {
      readonly optionLayers: readonly (readonly LayerSetting[])[]
      readonly meta: ReadonlySet<string>
      /** Where relative paths in cells start from. */
      readonly folder: string
    },
  ) {
    this.#addresses = new Addresses(workflow)
    this.#optionLayers = options.optionLayers
    this.#meta = options.meta
    this.#folder = options.folder
  }

  /** The shape of a row that has these cells and this name template. What is wrong with its columns is reported. */
  of(cells: readonly Cell[], template: Template | undefined, report: Report): RowShape {
    let step = this.#next(this.#roots, template ? columnsUsed(template) : '')
    for (let at = 0; at < cells.length; at++) {
      const { key, shared } = cells[at] as Cell
      step = this.#next(step.next, shared ? `shared ${key}` : key)
    }
    if (step.shape) return step.shape
    const { shape, isLasting } = this.#find(cells, template, report)
    if (isLasting) step.shape = shape
    return shape
  }

  #next(steps: Map<string, Step>, key: string): Step {
    const known = steps.get(key)
    if (known) return known
    const step: Step = { next: new Map() }
    if (this.#kept++ < mostKept) steps.set(key, step)
    return step
  }

  #find(
    cells: readonly Cell[],
    template: Template | undefined,
    report: Report,
  ): { readonly shape: RowShape; readonly isLasting: boolean } {
    const shared: LayerSetting[] = []
    const own: LayerSetting[] = []
    const positions = new Map<LayerSetting, number>()
    const notes: RowShape['notes'][number][] = []
    for (const [at, cell] of cells.entries()) {
      const { key } = cell
      if (this.#isNote(key, template)) notes.push({ at, key: key.startsWith('row.') ? key : `row.${key}` })
      else if (!jobs.has(key)) {
        const setting = new CellSetting(cell, this.#folder)
        positions.set(setting, at)
        ;(cell.shared ? shared : own).push(setting)
      }
    }
    const layers = [shared, ...this.#optionLayers, own]
    const { assignments, isByAddress } = assign(this.#addresses, layers, report)
    const settings: RowShape['settings'][number][] = []
    const options: Assignment[] = []
    for (const assignment of assignments) {
      const at = positions.get(assignment.setting)
      if (at === undefined) options.push(assignment)
      else settings.push({ at, targets: assignment.targets })
    }
    return { shape: { settings, options, notes }, isLasting: isByAddress }
  }

  #isNote(key: string, template: Template | undefined): boolean {
    if (key.startsWith('row.') || this.#meta.has(key)) return true
    if (!template || jobs.has(key) || roles.has(key) || this.#addresses.has(key)) return false
    return columnsUsed(template).split('\n').includes(key)
  }
}
