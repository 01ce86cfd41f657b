import type { ApiGraph, NodeId } from '../protocol/graph.ts'

/** How messages name a node: `node 6 "Positive" (CLIPTextEncode)`; the title only where it adds something. */
export function nodeLabel(graph: ApiGraph, node: NodeId, classType?: string): string {
  const type = graph[node]?.class_type ?? classType
  const title = graph[node]?._meta?.title
  const shownTitle = title && title !== type ? ` "${title}"` : ''
  return `node ${node}${shownTitle}${type ? ` (${type})` : ''}`
}
