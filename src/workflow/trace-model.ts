import { linkedNode } from './links.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** Inputs in which loaders name the file of the model that samples. */
const modelFiles = ['ckpt_name', 'unet_name', 'model_name', 'checkpoint']

/**
 * Follows model inputs back to the loader: through LoRA, patch and sampling nodes, which pass a `model` on. A
 * sampler with a guider gets its model through that. Undefined if it ends elsewhere.
 */
export function traceModel(workflow: Workflow, sampler: NodeId): InputRef | undefined {
  const seen = new Set<NodeId>()
  let node: NodeId | undefined = sampler
  while (node !== undefined && !seen.has(node)) {
    seen.add(node)
    const inputs = workflow.nodes.get(node)?.inputs ?? {}
    const file = modelFiles.find((input) => typeof inputs[input] === 'string')
    if (file !== undefined) return { node, input: file }
    node = nextModel(workflow, node, Object.keys(inputs))
  }
  return undefined
}

function nextModel(workflow: Workflow, node: NodeId, inputs: readonly string[]): NodeId | undefined {
  const named = ['model', 'guider', 'unet', 'model1'].find((input) => inputs.includes(input))
  const input = named ?? (inputs.length === 1 ? inputs[0] : undefined)
  return input === undefined ? undefined : linkedNode(workflow, { node, input })
}
