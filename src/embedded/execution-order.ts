import { isLink, type ApiGraph, type NodeId } from '../protocol/graph.ts'

/** What the order of execution depends on besides the links. */
export interface OrderRules {
  /** Its result is in the cache: it does not run, and nothing upstream of it is needed. */
  readonly isCached: (node: NodeId) => boolean
  readonly isOutput: (node: NodeId) => boolean
}

/**
 * Which node runs next. Of the nodes whose inputs are ready, ComfyUI prefers those that soon show something: an
 * output node, then a node that feeds one, then a node that feeds such a node; otherwise the one found first.
 */
export class ExecutionOrder {
  readonly #rules: OrderRules
  /** In the order in which they were found, walking back from the outputs; with what each still waits for. */
  readonly #pending = new Map<NodeId, Set<NodeId>>()
  /** The nodes that wait for a node. */
  readonly #waiting = new Map<NodeId, Set<NodeId>>()

  constructor(graph: ApiGraph, outputs: readonly NodeId[], rules: OrderRules) {
    this.#rules = rules
    for (const output of outputs) this.#add(graph, output)
  }

  /** The node to run now; undefined when all have run. */
  next(): NodeId | undefined {
    const ready = [...this.#pending].filter(([, needs]) => needs.size === 0).map(([node]) => node)
    const { isOutput } = this.#rules
    return (
      ready.find((node) => isOutput(node)) ??
      ready.find((node) => this.#waitersOf(node).some((next) => isOutput(next))) ??
      ready.find((node) =>
        this.#waitersOf(node).some((next) => this.#waitersOf(next).some((last) => isOutput(last))),
      ) ??
      ready[0]
    )
  }

  /** A node has run: those that waited for it need it no longer. */
  done(node: NodeId): void {
    this.#pending.delete(node)
    for (const next of this.#waitersOf(node)) this.#pending.get(next)?.delete(node)
    this.#waiting.delete(node)
  }

  #waitersOf(node: NodeId): NodeId[] {
    return [...(this.#waiting.get(node) ?? [])]
  }

  #add(graph: ApiGraph, output: NodeId): void {
    const stack = [output]
    const links: Array<readonly [from: NodeId, to: NodeId]> = []
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (this.#pending.has(id)) continue
      this.#pending.set(id, new Set())
      this.#waiting.set(id, new Set())
      for (const value of Object.values(graph[id]?.inputs ?? {})) {
        if (!isLink(value) || this.#rules.isCached(value[0])) continue
        stack.push(value[0])
        links.push([value[0], id])
      }
    }
    for (const [from, to] of links) {
      this.#waiting.get(from)?.add(to)
      this.#pending.get(to)?.add(from)
    }
  }
}
