import { resolve } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { parseExpectations, type Expectation } from '../expectations.ts'
import { isJsonArray, type JsonValue } from '../protocol/json.ts'
import { located } from './assign.ts'
import { hashInputFile } from './input-files.ts'
import type { Cell } from './row.ts'

/** So many different cells are kept: rows that ask for the same mostly stand together. */
const mostKept = 1000

/** The checks of outputs that rows ask for in a column `expect`: equal cells are read once. */
export class RowExpectations {
  readonly #folder: string
  readonly #kept = new Map<string, Promise<readonly Expectation[]>>()

  /** `folder` is where relative paths of images to compare with start from. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * The checks of a cell: a text as for `--expect`, or in JSON and YAML also a list of them. Throws ComfyRunError
   * `bad-value`, `bad-option`, and for an image to compare with `file-not-found`, `file-unreadable` or `not-an-image`, at
   * the cell.
   */
  async of(cell: Cell): Promise<readonly Expectation[]> {
    try {
      const text = textOf(cell.value)
      const reading = this.#kept.get(text) ?? this.#read(text)
      if (this.#kept.size >= mostKept) this.#kept.clear()
      this.#kept.set(text, reading)
      return await reading
    } catch (error) {
      throw located(error, () => cell.where)
    }
  }

  async #read(text: string): Promise<readonly Expectation[]> {
    const expectations = parseExpectations(text).map((expectation) =>
      expectation.check === 'similar'
        ? { ...expectation, file: resolve(this.#folder, expectation.file) }
        : expectation,
    )
    for (const expectation of expectations)
      if (expectation.check === 'similar') await hashInputFile(expectation.file, true)
    return expectations
  }
}

function textOf(value: JsonValue): string {
  const texts = isJsonArray(value) ? value : [value]
  if (texts.every((text) => typeof text === 'string')) return texts.join(';')
  throw new ComfyRunError('bad-value', 'expect must be a text, or a list of texts')
}
