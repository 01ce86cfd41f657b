import { ComfyRunError } from '../errors.ts'
import { isSameJson, type JsonValue } from '../protocol/json.ts'
import { hasInput, inputValue } from './links.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from './workflow.ts'

/** An input and the value that it gets. */
export interface Patch {
  readonly target: InputRef
  readonly value: JsonValue
}

/** What a patch did to one input. */
export interface Change {
  readonly target: InputRef
  readonly before: JsonValue
  readonly after: JsonValue
}

/**
 * A new workflow with the inputs set; of several values for one input the last wins. The old workflow stays as it
 * is, and is given back if nothing changes. `changes` lists the inputs that hold another value now, each once, in
 * the order in which they were first named. Throws ComfyRunError `unknown-address` for an input that the workflow
 * does not have: a patch adds none.
 */
export function patchWorkflow(
  workflow: Workflow,
  patches: readonly Patch[],
): { readonly workflow: Workflow; readonly changes: readonly Change[] } {
  const nodes = new Map<NodeId, WorkflowNode>(workflow.nodes)
  const patched = new Map<string, Patch>()
  for (const { target, value } of patches) {
    const node = nodes.get(target.node)
    if (!node || !hasInput(node, target.input)) {
      const address = `${target.node}.${target.input}`
      throw new ComfyRunError('unknown-address', `${workflow.source} has no input "${address}" to set`)
    }
    nodes.set(target.node, { ...node, inputs: { ...node.inputs, [target.input]: value } })
    patched.set(JSON.stringify([target.node, target.input]), { target, value })
  }
  const changes = Array.from(patched.values(), ({ target, value }) => ({
    target,
    before: inputValue(workflow, target) ?? null,
    after: value,
  })).filter(({ before, after }) => !isSameJson(before, after))
  return changes.length === 0 ? { workflow, changes } : { workflow: { ...workflow, nodes }, changes }
}
