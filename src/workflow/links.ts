import { isLink } from '../protocol/graph.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** The node that an input is linked to, if it is linked to one that exists. */
export function linkedNode(workflow: Workflow, { node, input }: InputRef): NodeId | undefined {
  const value = workflow.nodes.get(node)?.inputs[input]
  return isLink(value) && workflow.nodes.has(value[0]) ? value[0] : undefined
}

/** The nodes that a node's inputs are linked to, in the order of its inputs. */
export function linkedNodes(workflow: Workflow, node: NodeId): NodeId[] {
  const inputs = workflow.nodes.get(node)?.inputs ?? {}
  return Object.keys(inputs).flatMap((input) => linkedNode(workflow, { node, input }) ?? [])
}
