import { ComfyRunError, type Where } from '../errors.ts'
import type { JsonValue } from '../protocol/json.ts'

/** One value of a row: what a table has in one column, or an object under one key. */
export interface Cell {
  /** The column's or the key's name: a role, an address, `name`, `count`, or `row.x`. */
  readonly key: string
  readonly value: JsonValue
  /** True if it came as a JSON or YAML value; false if as text, whose type is still to be read. */
  readonly typed: boolean
  /** True if it stands in the file's `defaults`: then options and the row itself come before it. Default false. */
  readonly shared?: boolean
  /** Where the value stands. */
  readonly where: Where
  /** Where its key stands: the header of a table, the key of an object. */
  readonly keyWhere: Where
}

/** One row of a jobs file: one job, or several if it asks for copies. Empty cells are left out. */
export interface Row {
  readonly cells: readonly Cell[]
  /** The row's first line. */
  readonly origin: Where
  /** What is wrong with the row's form; then it has no cells. The rows after it can still be read. */
  readonly fault?: ComfyRunError
}

/** A row whose cells are still to be read: a ComfyRunError of `readCells` becomes its fault. */
export function makeRow(origin: Where, readCells: () => readonly Cell[]): Row {
  try {
    return { cells: readCells(), origin }
  } catch (error) {
    if (!(error instanceof ComfyRunError)) throw error
    return { cells: [], origin, fault: error }
  }
}

/** One input to change, however it was asked for: by an option or by a cell. */
export interface Setting {
  /** A role (`prompt`) or an address (`6.text`). */
  readonly address: string
  readonly value: JsonValue
  /** False if `value` is text whose type is still to be read. */
  readonly typed: boolean
  readonly where?: Where
}

/** The cells of a job, after those of the file's defaults that it has not itself. */
export function withShared(own: readonly Cell[], shared: readonly Cell[]): Cell[] {
  const keys = new Set(own.map(({ key }) => key))
  return [...shared.filter(({ key }) => !keys.has(key)), ...own]
}

/** The cell that a row has under `key`. */
export function cellOf(row: Row | undefined, key: string): Cell | undefined {
  for (const cell of row?.cells ?? []) if (cell.key === key) return cell
  return undefined
}
