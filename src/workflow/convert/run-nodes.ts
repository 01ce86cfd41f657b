import type { Catalogue } from './catalogue.ts'
import { expandScopes, type Scope } from './scopes.ts'
import type { UiGraph, UiNode } from './ui-graph.ts'

/** A node that is run, and the id that it then has: `57:3` for a node 3 inside an instance 57 of a subgraph. */
export interface RunNode {
  readonly id: string
  readonly scope: Scope
  readonly node: UiNode
}

/** All nodes that are run: those that are neither muted nor bypassed nor of the page alone. Throws `not-convertible`. */
export function runNodes(root: UiGraph, catalogue: Catalogue): RunNode[] {
  return expandScopes(root, catalogue).flatMap((scope) =>
    Array.from(scope.graph.nodes.values())
      .filter((node) => node.mode === 'active' && !catalogue.subgraphOf(node) && !catalogue.roleOf(node))
      .map((node) => ({ id: `${scope.prefix}${node.id}`, scope, node })),
  )
}
