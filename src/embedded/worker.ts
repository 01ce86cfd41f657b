import type { JsonValue } from '../protocol/json.ts'
import { Execution, type ExecutionOptions } from './execution.ts'
import type { History } from './history.ts'
import type { Hooks } from './hooks.ts'
import { Interruption } from './interruption.ts'
import { clientOf, type Outcome, type QueueItem } from './item.ts'
import type { Queue } from './queue.ts'
import type { Running } from './sockets.ts'

/** What a worker runs prompts with. */
export interface WorkerOptions extends ExecutionOptions {
  readonly hooks: Hooks
}

/** Takes prompts from the queue and runs them, one at a time. */
export class Worker {
  readonly #queue: Queue
  readonly #history: History
  readonly #options: WorkerOptions
  #execution: Execution | undefined
  #interruption: Interruption | undefined
  #client: JsonValue | undefined
  #promptsRun = 0
  #clearCache = false
  #isKilled = false

  constructor(queue: Queue, history: History, options: WorkerOptions) {
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

  /** Stops the running prompt for good: it is not recorded, and nobody is told. */
  kill(): void {
    this.#isKilled = true
    this.#interruption?.request()
  }

  /** Forgets all cached results: at once, or when the running prompt has ended. */
  clearCache(): void {
    if (this.#execution) this.#clearCache = true
    else this.#options.cache.clear()
  }

  async #run(item: QueueItem): Promise<void> {
    const { hooks } = this.#options
    this.#promptsRun++
    this.#client = clientOf(item)
    await hooks.begin(item)
    if (this.#isKilled) return
    this.#interruption = new Interruption()
    this.#execution = new Execution(item, this.#interruption, this.#options)
    const outcome = await this.#end(item, await this.#execution.run())
    if (!outcome) return
    this.#execution = undefined
    this.#interruption = undefined
    this.#history.add({ item, outcome })
    hooks.recorded(item)
    this.#queue.finish()
    if (this.#client !== undefined) {
      this.#options.sockets.send('executing', { node: null, prompt_id: item.promptId }, this.#client)
    }
    if (this.#clearCache) this.#options.cache.clear()
    this.#clearCache = false
  }

  /** What history gets to know of a prompt that has run; undefined if the server was killed meanwhile. */
  async #end(item: QueueItem, outcome: Outcome): Promise<Outcome | undefined> {
    const recorded = this.#isKilled ? outcome : await this.#options.hooks.end(item, outcome)
    return this.#isKilled ? undefined : recorded
  }
}
