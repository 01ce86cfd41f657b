import { isLink } from '../protocol/graph.ts'
import { hasInput, linkedNode } from './links.ts'
import { outputNodes, reachableNodes } from './outputs.ts'
import { linksNamed, walkBack } from './walk-back.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from './workflow.ts'

/** Names that a sampler's latent input has. */
const latentInputs = ['latent_image', 'latent', 'samples'] as const

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
function isSampler(node: WorkflowNode): boolean {
  const { inputs } = node
  if (!latentInputs.some((name) => isLink(inputs[name]))) return false
  const isClassic = isLink(inputs.positive) && (hasInput(node, 'steps') || hasInput(node, 'sigmas'))
  return isClassic || isLink(inputs.guider)
}

/** The input by which a sampler gets its latent. */
export function latentInput(workflow: Workflow, sampler: NodeId): InputRef {
  const inputs = workflow.nodes.get(sampler)?.inputs ?? {}
  return { node: sampler, input: latentInputs.find((name) => isLink(inputs[name])) ?? 'latent_image' }
}

/** The samplers whose latent comes from no other sampler: the base of a base and refiner pair. */
export function firstSamplers(workflow: Workflow, samplers: readonly NodeId[]): NodeId[] {
  const all = new Set(samplers)
  return samplers.filter((sampler) => {
    const before = linkedNode(workflow, latentInput(workflow, sampler))
    const reached = reachableNodes(workflow, before === undefined ? [] : [before])
    return !Array.from(reached).some((node) => all.has(node))
  })
}

/** Whether the sampler adds noise; one that does not has no use for its seed. */
export function addsNoise({ inputs }: WorkflowNode): boolean {
  return inputs.add_noise !== 'disable' && inputs.add_noise !== false
}

/** The nodes that hold a custom sampler's settings for it: noise, guider, sampler select, and where its sigmas begin. */
export function settingNodes(workflow: Workflow, sampler: NodeId): NodeId[] {
  const found: NodeId[] = []
  const parts = ['noise', 'guider', 'sampler'].map((input) => ({ node: sampler, input }))
  walkBack(workflow, parts, ({ node }) => {
    found.push(node)
    return []
  })
  walkBack(workflow, [{ node: sampler, input: 'sigmas' }], ({ node, inputs }) => {
    // Nodes that split, flip or stretch sigmas have settings of their own, which are not the sampler's.
    const next = linksNamed(inputs, /^(?:sigmas|on_true$|on_false$)/)
    if (next.length === 0) found.push(node)
    return next
  })
  return found
}
