import type { NodeId } from '../protocol/graph.ts'
import type { JsonObject } from '../protocol/json.ts'
import { itemTuple, type Outcome, type QueueItem } from './item.ts'
import type { Writable } from './python-json.ts'

/** More entries push out the oldest. */
const limit = 10_000

/** A prompt that has ended. */
export interface HistoryEntry {
  readonly item: QueueItem
  readonly outcome: Outcome
}

/** The prompts that have ended, oldest first. A second prompt with the same id takes the place of the first. */
export class History {
  readonly #entries = new Map<string, HistoryEntry>()

  get entries(): readonly HistoryEntry[] {
    return [...this.#entries.values()]
  }

  add(entry: HistoryEntry): void {
    if (this.#entries.size > limit) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(entry.item.promptId, entry)
  }

  get(promptId: string): HistoryEntry | undefined {
    return this.#entries.get(promptId)
  }

  /**
   * At most `maxItems` entries from `offset` on, counted from the oldest. A negative offset (the default) means
   * the newest `maxItems`. The limit is looked at after each entry, so 0 with an offset gives one, as ComfyUI.
   */
  page(maxItems: number | undefined, offset = -1): HistoryEntry[] {
    const start = offset < 0 && maxItems !== undefined ? this.#entries.size - maxItems : offset
    const found: HistoryEntry[] = []
    let index = 0
    for (const entry of this.#entries.values()) {
      if (index++ < start) continue
      found.push(entry)
      if (maxItems !== undefined && found.length >= maxItems) break
    }
    return found
  }

  remove(promptId: unknown): void {
    if (typeof promptId === 'string') this.#entries.delete(promptId)
  }

  clear(): void {
    this.#entries.clear()
  }
}

/** Entries as `GET /history` shows them. */
export function writeHistory(entries: readonly HistoryEntry[]): Writable {
  return new Map(entries.map((entry) => [entry.item.promptId, writeEntry(entry)]))
}

function writeEntry({ item, outcome }: HistoryEntry): Writable {
  return {
    prompt: itemTuple(item),
    outputs: outcome.outputs,
    status: statusOf(outcome),
    meta: new Map([...outcome.outputs.keys()].map((node) => [node, metaOf(node)])),
  }
}

/** The `status` of a history entry, which jobs call `execution_status`. */
export function statusOf({ succeeded, messages }: Outcome): { readonly [key: string]: Writable } {
  return { status_str: succeeded ? 'success' : 'error', completed: succeeded, messages }
}

function metaOf(node: NodeId): JsonObject {
  return { node_id: node, display_node: node, parent_node: null, real_node_id: node }
}
