import { ComfyRunError } from '../../errors.ts'
import type { Catalogue } from './catalogue.ts'
import type { UiGraph, UiNode, UiSubgraph } from './ui-graph.ts'

/** An instance of a subgraph: a node of another scope. */
interface Instance {
  readonly node: UiNode
  readonly subgraph: UiSubgraph
  readonly scope: Scope
}

/** A graph as it is run: the root, or one instance of a subgraph. */
export class Scope {
  readonly graph: UiGraph
  /** Where it stands; undefined for the root. */
  readonly instance: Instance | undefined
  /** What the ids of its nodes begin with: `57:3:` for an instance 3 inside an instance 57. */
  readonly prefix: string
  /** The instances in it, by the id of the node. */
  readonly children = new Map<string, Scope>()

  constructor(graph: UiGraph, instance?: Instance) {
    this.graph = graph
    this.instance = instance
    this.prefix = instance ? `${instance.scope.prefix}${instance.node.id}:` : ''
  }

  /** Whether it is an instance of a subgraph, or stands in one. */
  isInside(subgraph: UiSubgraph): boolean {
    let { instance } = this
    while (instance && instance.subgraph !== subgraph) instance = instance.scope.instance
    return instance !== undefined
  }
}

/** More nodes than any real graph has: a few subgraphs inside each other can make billions. */
const mostNodes = 200_000

/**
 * All graphs that are run, the root first. An instance that is muted or bypassed takes its nodes away only if it stands
 * in the root, as with the page. Throws `not-convertible`.
 */
export function expandScopes(root: UiGraph, catalogue: Catalogue): Scope[] {
  const scopes = [new Scope(root)]
  let nodes = 0
  // The list grows while it is walked.
  for (const scope of scopes) {
    nodes += scope.graph.nodes.size
    if (nodes > mostNodes) throw notConvertible(`its subgraphs make more than ${mostNodes} nodes`)
    for (const node of scope.graph.nodes.values()) {
      const subgraph = catalogue.subgraphOf(node)
      if (!subgraph || (!scope.instance && node.mode !== 'active')) continue
      if (scope.isInside(subgraph)) {
        throw notConvertible(
          `the subgraph "${subgraph.name}" contains itself (node ${scope.prefix}${node.id})`,
        )
      }
      const child = new Scope(subgraph, { node, subgraph, scope })
      scope.children.set(node.id, child)
      scopes.push(child)
    }
  }
  return scopes
}

function notConvertible(why: string): ComfyRunError {
  return new ComfyRunError('not-convertible', `the graph can't be converted to API format: ${why}`)
}
