import type { Where } from '../errors.ts'
import type { LayerSetting } from './assign.ts'
import type { PlanOptions } from './plan-options.ts'
import type { Cell } from './row.ts'

/** The settings that options make for every job, from the weakest layer to the strongest. */
export function optionLayers({ defaults, seed }: PlanOptions): LayerSetting[][] {
  const folder = process.cwd()
  return [
    seed === undefined ? [] : [{ address: 'seed', value: seed, typed: true, folder }],
    // LoRAs are put into the graph itself, before its inputs are set.
    defaults.filter(({ address }) => address !== 'lora').map((setting) => ({ ...setting, folder })),
  ]
}

/** A cell as a setting. Getters, as places are costly and only read for messages; a class, as there are so many. */
export class CellSetting implements LayerSetting {
  readonly address: string
  readonly value: Cell['value']
  readonly typed: boolean
  readonly folder: string
  readonly #cell: Cell

  /** Relative paths in it start from `folder`. */
  constructor(cell: Cell, folder: string) {
    this.address = cell.key
    this.value = cell.value
    this.typed = cell.typed
    this.folder = folder
    this.#cell = cell
  }

  get where(): Where {
    return this.#cell.where
  }

  get addressWhere(): Where {
    return this.#cell.keyWhere
  }
}
