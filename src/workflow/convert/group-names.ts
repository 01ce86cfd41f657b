import type { Group } from './group-definition.ts'
import type { UiNode } from './ui-graph.ts'

/** Gives the inputs of a group node the names that the page gives them. */
export class GroupNames {
  readonly #group: Group
  readonly #times = new Map<string, number>()

  constructor(group: Group) {
    this.#group = group
  }

  /** The name of an inner input: as the user has called it, with the node's title before it if that is taken. */
  next(node: UiNode, input: string): string {
    const { config } = this.#group
    const given = config(node, 'input', input)?.name
    const label = node.inputs.find(({ name }) => name === input)?.label
    const plain = typeof given === 'string' ? given : (label ?? input)
    const isTaken = this.#times.has(plain) || (node.type === 'PrimitiveNode' && node.title !== undefined)
    const title = node.title ?? node.type
    const key = isTaken ? `${title} ${input}` : plain
    const before = this.#times.get(key)
    this.#times.set(key, (before ?? 1) + 1)
    return before === undefined ? key : `${title} ${before} ${input}`
  }
}
