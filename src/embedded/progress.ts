import type { NodeId } from '../protocol/graph.ts'
import type { JsonObject } from '../protocol/json.ts'
import { PythonFloat, type Writable } from './python-json.ts'

interface NodeProgress {
  value: Writable
  max: Writable
  state: 'running' | 'finished'
}

/** How far the nodes of one prompt are; every message repeats all nodes that have begun. */
export class Progress {
  readonly #promptId: string
  readonly #nodes = new Map<NodeId, NodeProgress>()

  constructor(promptId: string) {
    this.#promptId = promptId
  }

  start(node: NodeId): void {
    this.#nodes.set(node, { value: new PythonFloat(0), max: new PythonFloat(1), state: 'running' })
  }

  update(node: NodeId, value: number, max: number): void {
    this.#nodes.set(node, { value, max, state: 'running' })
  }

  /** A node that never began (its result came from the cache) counts one of one, in integers. */
  finish(node: NodeId): void {
    const max = this.#nodes.get(node)?.max ?? 1
    this.#nodes.set(node, { value: max, max, state: 'finished' })
  }

  /** The data of a `progress_state` message. */
  data(): { readonly [key: string]: Writable } {
    const nodes = new Map<string, Writable>()
    for (const [node, { value, max, state }] of this.#nodes) {
      nodes.set(node, { value, max, state, ...this.metadata(node) })
    }
    return { prompt_id: this.#promptId, nodes }
  }

  /** Which node is meant, for images with metadata. */
  metadata(node: NodeId): JsonObject {
    return {
      node_id: node,
      prompt_id: this.#promptId,
      display_node_id: node,
      parent_node_id: null,
      real_node_id: node,
    }
  }
}
