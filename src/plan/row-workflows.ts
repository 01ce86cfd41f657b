import { resolve } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { libraryWorkflow } from '../workflow/library.ts'
import { loadWorkflow, type LoadOptions } from '../workflow/load.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { located } from './assign.ts'
import type { Cell } from './row.ts'

/** So many workflows are kept: rows that share one usually stand together. */
const mostKept = 32

/** The workflows that rows name in a column `workflow`: each is loaded once, as long as not too many others come between. */
export class RowWorkflows {
  readonly #folder: string
  readonly #options: LoadOptions
  readonly #kept = new Map<string, Promise<Workflow | ComfyRunError>>()

  /** `folder` is where relative paths start from. */
  constructor(folder: string, options: LoadOptions = {}) {
    this.#folder = folder
    this.#options = options
  }

  /** The workflow that a cell names. Throws ComfyRunError `bad-value` and what `loadWorkflow` throws, at the cell. */
  async load(cell: Cell): Promise<Workflow> {
    const { value, where } = cell
    if (typeof value !== 'string' || value === '-') {
      throw new ComfyRunError('bad-value', 'workflow must be the path of a file', { where })
    }
    const path = resolve(this.#folder, value.replace(/^@/, ''))
    const loading =
      this.#kept.get(path) ??
      loadWorkflow(path, this.#options).catch(
        async (error) => (await libraryWorkflow(value)) ?? located(error, () => undefined),
      )
    this.#kept.delete(path)
    this.#kept.set(path, loading)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
    const found = await loading
    if (!(found instanceof ComfyRunError)) return found
    const { code, message, hint, details, cause } = found
    throw new ComfyRunError(code, message, { hint, cause, where, details: [...placeIn(found), ...details] })
  }
}

/** Where in the workflow the fault is: the error itself points at the row. */
function placeIn({ where }: ComfyRunError): string[] {
  if (where?.line === undefined) return []
  return [[where.file, where.line, where.column].filter((part) => part !== undefined).join(':')]
}
