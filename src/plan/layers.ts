import type { LayerSetting } from './assign.ts'
import type { PlanOptions } from './plan-options.ts'
import type { Cell } from './row.ts'

/** The settings that options make for every job, from the weakest layer to the strongest. */
export function optionLayers({ defaults, seed }: PlanOptions): LayerSetting[][] {
  const folder = process.cwd()
  return [
    seed === undefined ? [] : [{ address: 'seed', value: seed, typed: true, folder }],
    defaults.map((setting) => ({ ...setting, folder })),
  ]
}

/** A cell as a setting; relative paths in it start from `folder`. */
export function cellSetting(cell: Cell, folder: string): LayerSetting {
  return {
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
  }
}
