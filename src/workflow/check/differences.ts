import { isSameJson } from '../../protocol/json.ts'
import type { Patch } from '../patch.ts'
import type { Workflow } from '../workflow.ts'

/**
 * What is to be set in a workflow to make its graph that of another one. Undefined if that takes more: other nodes, inputs
 * or titles.
 */
export function differences(from: Workflow, to: Workflow): readonly Patch[] | undefined {
  if (from.nodes.size !== to.nodes.size) return undefined
  const patches: Patch[] = []
  for (const [id, node] of to.nodes) {
    const before = from.nodes.get(id)
    if (before?.classType !== node.classType || before.title !== node.title) return undefined
    const names = Object.keys(node.inputs)
    if (names.length !== Object.keys(before.inputs).length) return undefined
    for (const input of names) {
      const [old, value] = [before.inputs[input], node.inputs[input]]
      if (old === undefined || value === undefined) return undefined
      if (!isSameJson(old, value)) patches.push({ target: { node: id, input }, value })
    }
  }
  return patches
}
