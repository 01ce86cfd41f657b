import { setImmediate as nextTurn } from 'node:timers/promises'
import { isLink, type NodeId } from '../protocol/graph.ts'
import type { JsonObject } from '../protocol/json.ts'
import { Broadcast } from './broadcast.ts'
import { cacheKeys, type Cache, type CachedResult } from './cache.ts'
import { ExecutionOrder } from './execution-order.ts'
import { failureOf } from './failure.ts'
import type { Hooks } from './hooks.ts'
import type { Interruption } from './interruption.ts'
import { clientOf, type Outcome, type QueueItem } from './item.ts'
import { EmbeddedContext, type StepOptions } from './node-context.ts'
import { nodeInfo } from './node-info.ts'
import type { EmbeddedNode, Folders } from './node.ts'
import { Progress } from './progress.ts'
import type { Sockets } from './sockets.ts'

/** What a prompt is run with. */
export interface ExecutionOptions extends StepOptions {
  readonly nodes: ReadonlyMap<string, EmbeddedNode>
  readonly folders: Folders
  readonly sockets: Sockets
  readonly cache: Cache
  readonly hooks: Pick<Hooks, 'node'>
}

/** Runs one prompt, node by node, and tells its client. */
export class Execution {
  readonly #item: QueueItem
  readonly #options: ExecutionOptions
  readonly #interruption: Interruption
  readonly #broadcast: Broadcast
  readonly #progress: Progress
  readonly #results = new Map<NodeId, CachedResult>()
  readonly #shown = new Map<NodeId, JsonObject>()
  readonly #executed: NodeId[] = []
  #keys: ReadonlyMap<NodeId, string | undefined> = new Map()
  #current: NodeId | undefined

  constructor(item: QueueItem, interruption: Interruption, options: ExecutionOptions) {
    this.#item = item
    this.#options = options
    this.#interruption = interruption
    this.#broadcast = new Broadcast(options.sockets, clientOf(item))
    this.#progress = new Progress(item.promptId)
  }

  /** The node that runs; undefined before the first and after the last. */
  get current(): NodeId | undefined {
    return this.#current
  }

  /** Runs all nodes that the outputs need. Never rejects: failures are in the outcome. */
  async run(): Promise<Outcome> {
    const { graph, promptId, outputs } = this.#item
    this.#broadcast.record('execution_start', { prompt_id: promptId })
    // Reads the files that the graph names, which counts as a part of the run (ComfyUI: `execute_async`).
    this.#keys = cacheKeys(graph, this.#options.nodes, this.#options.folders)
    const cached = Object.keys(graph).filter((id) => this.#cached(id))
    this.#broadcast.record('execution_cached', { nodes: cached, prompt_id: promptId })
    const order = new ExecutionOrder(graph, outputs, {
      isCached: (id) => this.#cached(id) !== undefined,
      isOutput: (id) => this.#info(id)?.output_node === true,
    })
    let succeeded = true
    for (let id = order.next(); id !== undefined && succeeded; id = order.next()) {
      succeeded = await this.#step(id)
      if (succeeded) {
        order.done(id)
        this.#options.cache.keepOnly(new Set(this.#keys.values()))
      }
    }
    this.#current = undefined
    if (succeeded) this.#broadcast.record('execution_success', { prompt_id: promptId })
    return { succeeded, messages: this.#broadcast.messages, outputs: this.#shown }
  }

  /**
   * One node, from the cache or in fact; false if it failed or was stopped. Lets requests in: while prompts wait there is no
   * other moment for them.
   */
  async #step(id: NodeId): Promise<boolean> {
    const cached = this.#cached(id)
    if (cached) {
      this.#results.set(id, cached)
      this.#show(id, cached.ui)
      if (cached.ui) this.#shown.set(id, cached.ui)
      this.#finish(id)
      await nextTurn()
      return true
    }
    this.#progress.start(id)
    this.#broadcast.toClientOrAll('progress_state', this.#progress.data())
    this.#current = id
    const { promptId } = this.#item
    this.#broadcast.toClient('executing', { node: id, display_node: id, prompt_id: promptId })
    await nextTurn()
    const inputs: Record<string, unknown> = {}
    try {
      this.#interruption.check()
      Object.assign(inputs, this.#inputs(id))
      await this.#call(id, inputs)
      return true
    } catch (thrown) {
      this.#fail(id, thrown, inputs)
      return false
    }
  }

  async #call(id: NodeId, inputs: Readonly<Record<string, unknown>>): Promise<void> {
    const context = new EmbeddedContext(id, {
      item: this.#item,
      folders: this.#options.folders,
      sockets: this.#options.sockets,
      broadcast: this.#broadcast,
      progress: this.#progress,
      interruption: this.#interruption,
      options: this.#options,
    })
    const item = this.#item
    const node = item.graph[id]
    const replaced = node && (await this.#options.hooks.node({ item, id, node }))
    const { outputs, ui } = replaced ?? (await this.#nodeOf(id).run(inputs, context))
    context.flush()
    const result = { outputs, ui }
    this.#results.set(id, result)
    this.#options.cache.set(this.#keys.get(id), result)
    if (ui && Object.keys(ui).length > 0) {
      this.#shown.set(id, ui)
      this.#show(id, ui)
    }
    this.#finish(id)
    this.#executed.push(id)
  }

  #fail(id: NodeId, thrown: unknown, inputs: Readonly<Record<string, unknown>>): void {
    const node = this.#item.graph[id]
    const info = this.#info(id)
    if (!node || !info) throw thrown
    const data = {
      prompt_id: this.#item.promptId,
      node_id: id,
      node_type: node.class_type,
      executed: this.#executed,
    }
    const failure = failureOf(thrown, node, info, this.#item, inputs)
    if (failure) this.#broadcast.record('execution_error', { ...data, ...failure })
    else this.#broadcast.record('execution_interrupted', data)
  }

  #show(id: NodeId, ui: JsonObject | undefined): void {
    this.#broadcast.toClient('executed', {
      node: id,
      display_node: id,
      output: ui ?? null,
      prompt_id: this.#item.promptId,
    })
  }

  #finish(id: NodeId): void {
    this.#progress.finish(id)
    this.#broadcast.toClientOrAll('progress_state', this.#progress.data())
  }

  #inputs(id: NodeId): Record<string, unknown> {
    const inputs: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(this.#item.graph[id]?.inputs ?? {})) {
      if (!isLink(value)) inputs[name] = value
      else {
        const [from, slot] = value
        const { outputs } = this.#results.get(from) ?? this.#cached(from) ?? { outputs: [] }
        inputs[name] = outputs.at(slot)
      }
    }
    return inputs
  }

  #cached(id: NodeId): CachedResult | undefined {
    return this.#options.cache.get(this.#keys.get(id))
  }

  #nodeOf(id: NodeId): EmbeddedNode {
    const node = this.#options.nodes.get(this.#item.graph[id]?.class_type ?? '')
    if (!node) throw new TypeError(`no node class for node ${id}`)
    return node
  }

  #info(id: NodeId) {
    const node = this.#options.nodes.get(this.#item.graph[id]?.class_type ?? '')
    return node && nodeInfo(node, this.#options.folders)
  }
}
