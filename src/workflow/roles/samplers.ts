import { isLink } from '../../protocol/graph.ts'
import { hasInput } from '../links.ts'
import { constant } from '../pass-through.ts'
import type { InputRef, NodeId, WorkflowNode } from '../workflow.ts'
import type { RoleGraph } from './role-graph.ts'
import { linksNamed, walkBack } from './walk-back.ts'

/** Names that a sampler's latent input has. */
const latentInputs = ['latent_image', 'latent', 'samples', 'image_embeds', 'image', 'pixels'] as const

/** A sampler, and the nodes that hold settings for it: noise, guider, sampler select, and where its sigmas begin. */
export interface Sampler {
  readonly node: NodeId
  readonly parts: readonly NodeId[]
  /** Nodes on the way of its sigmas. */
  readonly sigmas: readonly NodeId[]
}

/** The samplers that an output needs, in the order of the file. */
export function findSamplers(graph: RoleGraph): Sampler[] {
  return Array.from(graph.reachable)
    .filter((id) => {
      const node = graph.workflow.nodes.get(id)
      return node !== undefined && isSampler(node)
    })
    .map((node) => ({ node, ...partsOf(graph, node) }))
}

/**
 * A sampler is known by its inputs: conditioning with steps or sigmas; a guider; or the settings that only a sampler
 * has beside each other. So custom samplers are found, too.
 */
function isSampler(node: WorkflowNode): boolean {
  const { inputs } = node
  const hasSteps = hasInput(node, 'steps') || hasInput(node, 'sigmas')
  const hasSeed = hasInput(node, 'seed') || hasInput(node, 'noise_seed')
  if (isLink(inputs.guider))
    return hasInput(node, 'sigmas') || latentInputs.some((name) => isLink(inputs[name]))
  if (isLink(inputs.positive) || isLink(inputs.text_embeds)) return hasSteps
  return (
    hasSteps &&
    hasSeed &&
    (hasInput(node, 'sampler_name') || (isLink(inputs.model) && isLink(inputs.latent_image)))
  )
}

/** The input by which a sampler gets what it starts from. */
export function latentInput(graph: RoleGraph, sampler: NodeId): InputRef {
  const inputs = graph.inputsOf(sampler)
  return { node: sampler, input: latentInputs.find((name) => isLink(inputs[name])) ?? 'latent_image' }
}

/** Whether a sampler adds noise; one that does not has no use for its seed. */
export function addsNoise(graph: RoleGraph, { node, parts }: Sampler): boolean {
  const added = constant(graph.workflow, { node, input: 'add_noise' })
  if (added === 'disable' || added === false) return false
  const noise = graph.source({ node, input: 'noise' })
  return noise === undefined || !parts.includes(noise.node) || noise.classType !== 'DisableNoise'
}

function partsOf(graph: RoleGraph, node: NodeId): Pick<Sampler, 'parts' | 'sigmas'> {
  const parts: NodeId[] = []
  const sigmas: NodeId[] = []
  const ports = ['noise', 'guider', 'sampler', 'basic_pipe', 'pipe'].map((input) => ({ node, input }))
  walkBack(graph, ports, (source) => {
    parts.push(source.node)
    return []
  })
  walkBack(graph, [{ node, input: 'sigmas' }], (source) => {
    sigmas.push(source.node)
    // Nodes that split, flip or stretch sigmas have settings of their own, which are not the sampler's.
    const next = linksNamed(graph, source.node, /^(?:sigmas|on_true$|on_false$)/)
    if (next.length === 0) parts.push(source.node)
    return next
  })
  return { parts, sigmas }
}
