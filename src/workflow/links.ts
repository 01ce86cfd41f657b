import { isLink } from '../protocol/graph.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from './workflow.ts'

/** What an input holds: a literal or a link. Undefined if the workflow has no such node, or the node no such input. */
export function inputValue(workflow: Workflow, { node, input }: InputRef): JsonValue | undefined {
  const found = workflow.nodes.get(node)
  return found && hasInput(found, input) ? found.inputs[input] : undefined
}

/** Whether a node has an input. Names such as `constructor`, which every object answers to, are no inputs. */
export function hasInput({ inputs }: WorkflowNode, input: string): boolean {
  return Object.hasOwn(inputs, input)
}

/** The node that an input is linked to, if it is linked to one that exists. */
export function linkedNode(workflow: Workflow, ref: InputRef): NodeId | undefined {
  return targetOf(workflow, inputValue(workflow, ref))
}

/** The nodes that a node's inputs are linked to, in the order of its inputs. */
export function linkedNodes(workflow: Workflow, node: NodeId): NodeId[] {
  const linked: NodeId[] = []
  for (const value of Object.values(workflow.nodes.get(node)?.inputs ?? {})) {
    const target = targetOf(workflow, value)
    if (target !== undefined) linked.push(target)
  }
  return linked
}

function targetOf({ nodes }: Workflow, value: JsonValue | undefined): NodeId | undefined {
  return isLink(value) && nodes.has(value[0]) ? value[0] : undefined
}
