import type { Catalogue } from './catalogue.ts'
import type { Scope } from './scopes.ts'
import type { UiLink, UiNode } from './ui-graph.ts'

/** Where a trace goes on: a link of a scope. */
export interface ScopedLink {
  readonly scope: Scope
  readonly link: UiLink
}

/** The link of the first input of a node that has one. */
export function firstLink(scope: Scope, { inputs }: UiNode): ScopedLink | undefined {
  for (const { link: id } of inputs) {
    const link = id === undefined ? undefined : scope.graph.links.get(id)
    if (link) return { scope, link }
  }
  return undefined
}

/** What goes into the node that sets a name, for one that gets it: in the same graph, or else in one around it. */
export function namedLink(catalogue: Catalogue, from: Scope, getter: UiNode): ScopedLink | undefined {
  const name = nameOf(getter)
  for (let scope: Scope | undefined = from; scope; scope = scope.instance?.scope) {
    for (const node of scope.graph.nodes.values()) {
      const isSetter = catalogue.roleOf(node) === 'set' && node.mode === 'active' && nameOf(node) === name
      if (isSetter) return firstLink(scope, node)
    }
  }
  return undefined
}

function nameOf({ widgetsValues }: UiNode): unknown {
  return Object.values(widgetsValues)[0]
}
