import type { JsonValue } from '../../protocol/json.ts'
import { bypassSocket } from './bypass.ts'
import type { Catalogue } from './catalogue.ts'
import type { HostValues } from './host-values.ts'
import { firstLink, namedLink, type ScopedLink } from './named-links.ts'
import type { Scope } from './scopes.ts'
import type { Socket } from './sockets.ts'
import { ioInput, ioOutput, type UiNode } from './ui-graph.ts'

/** What an input gets in the end. */
export type Source =
  | { readonly from: 'node'; readonly id: string; readonly slot: number }
  /** A primitive writes its value into the widget, as if a person had typed it there. */
  | { readonly from: 'primitive'; readonly primitive: UiNode }
  /** What an instance of a subgraph holds goes to every input that it feeds. */
  | { readonly from: 'host'; readonly value: JsonValue }

/** Follows inputs back to what they get: out of and into subgraphs, through reroutes and bypassed nodes. */
export class Tracer {
  readonly #catalogue: Catalogue
  readonly #hostValues: HostValues

  constructor(catalogue: Catalogue, hostValues: HostValues) {
    this.#catalogue = catalogue
    this.#hostValues = hostValues
  }

  /** What an input gets. Undefined if that is nothing: its widget then keeps its value. */
  trace(scope: Scope, socket: Socket): Source | undefined {
    const seen = new Set<string>()
    let next: ScopedLink | Source | undefined = linkOf(scope, socket)
    while (next && 'link' in next) {
      const key = `${next.scope.prefix} ${next.link.origin} ${next.link.originSlot}`
      if (seen.has(key)) return undefined
      seen.add(key)
      next = next.link.origin === ioInput ? this.#outOf(next) : this.#into(next, socket.type)
    }
    return next
  }

  /** From an input of a subgraph: to what the instance is linked to, or to what it holds. */
  #outOf({ scope: { instance }, link: { originSlot } }: ScopedLink): ScopedLink | Source | undefined {
    if (!instance) return undefined
    const { node, subgraph, scope } = instance
    const socket = this.#catalogue.parts(node).sockets[originSlot]
    const outer = socket && linkOf(scope, socket)
    if (outer) return outer
    const value = this.#hostValues.of(node, subgraph)[originSlot]
    return value === undefined ? undefined : { from: 'host', value }
  }

  /** From an output of a node; `wanted` is the type at the far end. */
  #into({ scope, link }: ScopedLink, wanted: string): ScopedLink | Source | undefined {
    const { origin, originSlot } = link
    const node = scope.graph.nodes.get(origin)
    if (!node) return undefined
    const role = this.#catalogue.roleOf(node)
    // Its value stands in the widget, whether it is muted or not.
    if (role === 'primitive') return { from: 'primitive', primitive: node }
    if (node.mode === 'muted') return undefined
    if (node.mode === 'bypassed') {
      const socket = bypassSocket(this.#catalogue.parts(node), originSlot, wanted)
      return socket && linkOf(scope, socket)
    }
    const child = scope.children.get(origin)
    if (child) return outputLink(child, originSlot)
    if (role === 'reroute' || role === 'set') return firstLink(scope, node)
    if (role === 'get') return namedLink(this.#catalogue, scope, node)
    return role ? undefined : { from: 'node', id: `${scope.prefix}${origin}`, slot: originSlot }
  }
}

function linkOf(scope: Scope, { link: id }: Socket): ScopedLink | undefined {
  const link = id === undefined ? undefined : scope.graph.links.get(id)
  return link && { scope, link }
}

/** The link that comes to an output of a subgraph. */
function outputLink(scope: Scope, slot: number): ScopedLink | undefined {
  for (const id of scope.instance?.subgraph.outputs[slot]?.links ?? []) {
    const link = scope.graph.links.get(id)
    if (link?.target === ioOutput) return { scope, link }
  }
  return undefined
}
