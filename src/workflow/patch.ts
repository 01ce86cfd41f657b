import type { JsonValue } from '../protocol/json.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from './workflow.ts'

/** An input and the value that it gets. */
export interface Patch {
  readonly target: InputRef
  readonly value: JsonValue
}

/** What a patch did to one input. */
export interface Change {
  readonly target: InputRef
  /** Undefined if the input was not there. */
  readonly before: JsonValue | undefined
  readonly after: JsonValue
}

/** A new workflow with the inputs set, in order, and what that changed. The old one stays as it is. */
export function patchWorkflow(
  workflow: Workflow,
  patches: readonly Patch[],
): { readonly workflow: Workflow; readonly changes: readonly Change[] } {
  if (patches.length === 0) return { workflow, changes: [] }
  const nodes = new Map<NodeId, WorkflowNode>(workflow.nodes)
  const changes: Change[] = []
  for (const { target, value } of patches) {
    const node = nodes.get(target.node)
    if (!node) throw new Error(`there is no node ${target.node} to patch`)
    changes.push({ target, before: node.inputs[target.input], after: value })
    nodes.set(target.node, { ...node, inputs: { ...node.inputs, [target.input]: value } })
  }
  return { workflow: { ...workflow, nodes }, changes }
}
