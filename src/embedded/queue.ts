import { setImmediate as nextTurn } from 'node:timers/promises'
import { Heap } from './heap.ts'
import type { QueueItem } from './item.ts'

/** The prompts that wait, and the one that runs. Tells every change to `changed`. */
export class Queue {
  readonly #pending = new Heap<QueueItem>(isEarlier)
  readonly #changed: () => void
  #running: QueueItem | undefined
  #wake: (() => void) | undefined
  #closed = false

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get running(): QueueItem | undefined {
    return this.#running
  }

  /** In heap order, as on the wire: not the order of execution. */
  get pending(): readonly QueueItem[] {
    return this.#pending.items
  }

  /** Pending and running together. */
  get remaining(): number {
    return this.#pending.items.length + (this.#running ? 1 : 0)
  }

  put(item: QueueItem): void {
    this.#pending.push(item)
    this.#changed()
    this.#wake?.()
  }

  /** The next item, at once if one waits; undefined when the queue is closed. */
  async take(): Promise<QueueItem | undefined> {
    while (!this.#closed && this.#pending.items.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      // The answer to the request that brought it goes out before it begins.
      await nextTurn()
    }
    if (this.#closed) return undefined
    this.#running = this.#pending.pop()
    this.#changed()
    return this.#running
  }

  /** The running item has ended; call it when history has it. */
  finish(): void {
    this.#running = undefined
    this.#changed()
  }

  /** Takes a waiting prompt out; false if none has this id. The running one is not touched. */
  remove(promptId: unknown): boolean {
    const removed = this.#pending.remove((item) => item.promptId === promptId)
    if (removed) this.#changed()
    return removed
  }

  clear(): void {
    this.#pending.clear()
    this.#changed()
  }

  close(): void {
    this.#closed = true
    this.#pending.clear()
    this.#wake?.()
  }
}

function isEarlier(a: QueueItem, b: QueueItem): boolean {
  return a.number === b.number ? a.promptId < b.promptId : a.number < b.number
}
