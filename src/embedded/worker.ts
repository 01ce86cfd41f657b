import type { JsonValue } from '../protocol/json.ts'
import { Execution, type ExecutionOptions } from './execution.ts'
import type { History } from './history.ts'
import { Interruption } from './interruption.ts'
import { clientOf, type QueueItem } from './item.ts'
import type { Queue } from './queue.ts'
import type { Running } from './sockets.ts'

/** Takes prompts from the queue and runs them, one at a time. */
export class Worker {
  readonly #queue: Queue
  readonly #history: History
  readonly #options: ExecutionOptions
  #execution: Execution | undefined
  #interruption: Interruption | undefined
  #client: JsonValue | undefined
  #promptsRun = 0
  #clearCache = false

  constructor(queue: Queue, history: History, options: ExecutionOptions) {
    this.#queue = queue
    this.#history = history
    this.#options = options
  }

  /** How many prompts were begun. */
  get promptsRun(): number {
    return this.#promptsRun
  }

  /** The node that runs, and whose it is. */
  get running(): Running {
    return { client: this.#client, node: this.#execution?.current }
  }

  /** Runs prompts until the queue is closed. */
  async work(): Promise<void> {
    for (let item = await this.#queue.take(); item; item = await this.#queue.take()) {
      await this.#run(item)
    }
  }

  /** Stops the running prompt: any, or only the one with this id. False if there is none such. */
  interrupt(promptId?: string): boolean {
    const running = this.#queue.running
    if (!running || (promptId !== undefined && running.promptId !== promptId)) return false
    this.#interruption?.request()
    return true
  }

  /** Forgets all cached results: at once, or when the running prompt has ended. */
  clearCache(): void {
    if (this.#execution) this.#clearCache = true
    else this.#options.cache.clear()
  }

  async #run(item: QueueItem): Promise<void> {
    this.#promptsRun++
    this.#client = clientOf(item)
    this.#interruption = new Interruption()
    this.#execution = new Execution(item, this.#interruption, this.#options)
    const outcome = await this.#execution.run()
    this.#execution = undefined
    this.#interruption = undefined
    this.#history.add({ item, outcome })
    this.#queue.finish()
    if (this.#client !== undefined) {
      this.#options.sockets.send('executing', { node: null, prompt_id: item.promptId }, this.#client)
    }
    if (this.#clearCache) this.#options.cache.clear()
    this.#clearCache = false
  }
}
