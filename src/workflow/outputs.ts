import { linkedNodes } from './links.ts'
import type { NodeId, Workflow } from './workflow.ts'

/** Save nodes may be linked on: their newer versions have output sockets. */
const savingClass = /^(?:Save|Preview)/

/**
 * The nodes that a run is for: save and preview nodes, and every other node that no other node uses. The graph
 * alone can't say more: only a server knows which classes put something out.
 */
export function outputNodes(workflow: Workflow): NodeId[] {
  const used = new Set<NodeId>()
  for (const node of workflow.nodes.keys()) {
    for (const linked of linkedNodes(workflow, node)) used.add(linked)
  }
  const outputs: NodeId[] = []
  for (const [id, { classType }] of workflow.nodes) {
    if (!used.has(id) || savingClass.test(classType)) outputs.push(id)
  }
  return outputs
}

/** The given nodes and all that they need. Graphs with loops are fine. */
export function reachableNodes(workflow: Workflow, from: readonly NodeId[]): ReadonlySet<NodeId> {
  const reached = new Set<NodeId>()
  const waiting = [...from]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue
    reached.add(node)
    waiting.push(...linkedNodes(workflow, node))
  }
  return reached
}
