import { ComfyRunError, type Where } from '../errors.ts'
import { isJsonArray, type JsonValue } from '../protocol/json.ts'
import { parseLora, type Lora } from '../workflow/lora.ts'
import { withLoras } from '../workflow/loras.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { located } from './assign.ts'
import { cellOf, type Cell, type Row, type Setting } from './row.ts'

/** So many graphs are kept: rows that ask for the same LoRAs mostly stand together. */
const mostKept = 100

/** The LoRAs that rows and options ask for, in the graphs: equal ones are put in once, so that rows share a graph. */
export class RowLoras {
  readonly #option: Setting | undefined
  readonly #kept = new WeakMap<Workflow, Map<string, Workflow>>()

  /** `defaults` are the settings of the options: one with the address `lora` is for every row that has none of its own. */
  constructor(defaults: readonly Setting[]) {
    this.#option = defaults.find(({ address }) => address === 'lora')
  }

  /**
   * The workflow with the LoRAs of a row: those of its own cell, else of the option, else of the file's defaults. Throws
   * ComfyRunError `bad-value`, and what `withLoras` throws, at the cell.
   */
  applied(workflow: Workflow, row: Row | undefined): Workflow {
    const asked = this.asked(row)
    if (!asked) return workflow
    try {
      return this.#made(workflow, textsOf(asked.value))
    } catch (error) {
      throw located(error, (): Where | undefined => asked.where)
    }
  }

  /** What asks for the LoRAs of a row, if anything does. */
  asked(row: Row | undefined): Cell | Setting | undefined {
    const cell = cellOf(row, 'lora')
    return cell && (!cell.shared || !this.#option) ? cell : this.#option
  }

  #made(workflow: Workflow, texts: readonly string[]): Workflow {
    const graphs = this.#kept.get(workflow) ?? new Map<string, Workflow>()
    this.#kept.set(workflow, graphs)
    const key = texts.join('\n')
    const made =
      graphs.get(key) ??
      withLoras(
        workflow,
        texts.map((text): Lora => parseLora(text)),
      )
    if (graphs.size >= mostKept) graphs.clear()
    graphs.set(key, made)
    return made
  }
}

/** A text may name several, with `;` between. */
function textsOf(value: JsonValue): string[] {
  const list = isJsonArray(value) ? value : [value]
  return list.flatMap((text) => {
    if (typeof text !== 'string')
      throw new ComfyRunError('bad-value', 'lora must be a text, or a list of texts')
    return text.split(';').filter((part) => part.trim() !== '')
  })
}
