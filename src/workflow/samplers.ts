import { isLink } from '../protocol/graph.ts'
import { linkedNode, linkedNodes } from './links.ts'
import { outputNodes, reachableNodes } from './outputs.ts'
import type { NodeId, Workflow, WorkflowNode } from './workflow.ts'

/** Names that a sampler's latent input has. */
export const latentInputs = ['latent_image', 'latent', 'samples'] as const

/** The samplers that an output needs, in the order of the file. */
export function findSamplers(workflow: Workflow): NodeId[] {
  const reachable = reachableNodes(workflow, outputNodes(workflow))
  return Array.from(workflow.nodes)
    .filter(([id, node]) => reachable.has(id) && isSampler(node))
    .map(([id]) => id)
}

/**
 * A sampler is known by its inputs: a latent to start from, and either conditioning with steps or sigmas, or a
 * guider. So custom samplers are found, too.
 */
function isSampler({ inputs }: WorkflowNode): boolean {
  if (!latentInputs.some((name) => isLink(inputs[name]))) return false
  const isClassic = isLink(inputs.positive) && ('steps' in inputs || 'sigmas' in inputs)
  return isClassic || isLink(inputs.guider)
}

/** The samplers whose latent comes from no other sampler: the base of a base and refiner pair. */
export function firstSamplers(workflow: Workflow, samplers: readonly NodeId[]): NodeId[] {
  const all = new Set(samplers)
  return samplers.filter((sampler) => {
    const before = latentInputs.flatMap((input) => linkedNode(workflow, { node: sampler, input }) ?? [])
    return ![...reachableNodes(workflow, before)].some((node) => all.has(node))
  })
}

/** Whether the sampler adds noise; one that does not has no use for its seed. */
export function addsNoise({ inputs }: WorkflowNode): boolean {
  return inputs.add_noise !== 'disable' && inputs.add_noise !== false
}

/**
 * The sampler and the nodes that hold its settings for it (guider, noise, sigmas, sampler select), nearest
 * first.
 */
export function settingNodes(workflow: Workflow, sampler: NodeId): NodeId[] {
  const parts = ['noise', 'guider', 'sampler', 'sigmas']
  const direct = parts.flatMap((input) => linkedNode(workflow, { node: sampler, input }) ?? [])
  // Sigmas may be split or changed on their way from the scheduler.
  const beyond = direct.flatMap((node) =>
    linkedNodes(workflow, node).filter((next) => workflow.nodes.get(next)?.inputs.scheduler !== undefined),
  )
  return [sampler, ...direct, ...beyond]
}
