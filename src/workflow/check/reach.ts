import { nodeClassNamed, type ObjectInfo } from '../../protocol/object-info.ts'
import { linkedNodes } from '../links.ts'
import type { NodeId, Workflow } from '../workflow.ts'

/**
 * The nodes that a server would run a graph for. Nodes of unknown classes that no other node uses count as such: what
 * they are can't be told, and they are complained of anyway.
 */
export function serverOutputs(workflow: Workflow, objectInfo: ObjectInfo): NodeId[] {
  const used = new Set(Array.from(workflow.nodes.keys(), (id) => linkedNodes(workflow, id)).flat())
  return Array.from(workflow.nodes)
    .filter(([id, { classType }]) => {
      const nodeClass = nodeClassNamed(objectInfo, classType)
      return nodeClass ? nodeClass.output_node : !used.has(id)
    })
    .map(([id]) => id)
}
