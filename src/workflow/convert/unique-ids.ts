import { isJsonArray, type JsonValue } from '../../protocol/json.ts'
import { idText } from './id-text.ts'
import type { UiGraph, UiLink, UiNode, UiSubgraph } from './ui-graph.ts'

/**
 * Makes the ids of nodes unique over all graphs, as the page does when it opens a file: those of the root stay, and a
 * node of a subgraph whose id is taken gets the next free one after `lastNodeId`. Links and the references of promoted
 * widgets follow.
 */
export function withUniqueIds(
  root: UiGraph,
  subgraphs: readonly UiSubgraph[],
  lastNodeId: number,
): { readonly root: UiGraph; readonly subgraphs: readonly UiSubgraph[] } {
  const used = new Set(root.nodes.keys())
  let last = lastNodeId
  const nextFree = (): string => {
    do last += 1
    while (used.has(String(last)))
    return String(last)
  }
  const renamed = new Map<string, ReadonlyMap<string, string>>()
  for (const { id, nodes } of subgraphs) {
    const names = new Map<string, string>()
    for (const node of nodes.keys()) {
      const name = used.has(node) ? nextFree() : node
      if (name !== node) names.set(node, name)
      used.add(name)
      if (Number(name) > last) last = Number(name)
    }
    if (names.size > 0) renamed.set(id, names)
  }
  if (renamed.size === 0) return { root, subgraphs }
  return {
    root: { ...root, nodes: renameNodes(root, undefined, renamed) },
    subgraphs: subgraphs.map((subgraph) => {
      const names = renamed.get(subgraph.id)
      return {
        ...subgraph,
        nodes: renameNodes(subgraph, names, renamed),
        links: new Map(Array.from(subgraph.links, ([id, link]) => [id, renameEnds(link, names)])),
      }
    }),
  }
}

function renameNodes(
  { nodes }: UiGraph,
  names: ReadonlyMap<string, string> | undefined,
  renamed: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Map<string, UiNode> {
  return new Map(
    Array.from(nodes.values(), (node) => {
      const id = names?.get(node.id) ?? node.id
      const inner = renamed.get(node.type)
      return [id, { ...node, id, ...(inner && { properties: renameWidgets(node, inner) }) }]
    }),
  )
}

function renameEnds(link: UiLink, names: ReadonlyMap<string, string> | undefined): UiLink {
  return {
    ...link,
    origin: names?.get(link.origin) ?? link.origin,
    target: names?.get(link.target) ?? link.target,
  }
}

/** `proxyWidgets` names widgets of inner nodes: `[["12", "seed"], ...]`. */
function renameWidgets({ properties }: UiNode, names: ReadonlyMap<string, string>): UiNode['properties'] {
  const { proxyWidgets } = properties
  if (!isJsonArray(proxyWidgets)) return properties
  const rename = (entry: JsonValue): JsonValue =>
    isJsonArray(entry) ? [names.get(idText(entry[0]) ?? '') ?? entry[0] ?? null, ...entry.slice(1)] : entry
  return { ...properties, proxyWidgets: proxyWidgets.map(rename) }
}
