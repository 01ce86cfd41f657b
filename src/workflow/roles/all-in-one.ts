import { isLink } from '../../protocol/graph.ts'
import type { JsonValue } from '../../protocol/json.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import { lastPart, promptInputs } from './prompt-inputs.ts'
import type { RoleGraph } from './role-graph.ts'
import { heldInput } from './value-holders.ts'

/** Links that only the parts of a sampler's own pipeline have. */
const pipelineLink =
  /^(?:model|vae|conditioning|positive|negative|samples|latent|latent_image|sigmas|guider)$/
const notMaking = /^(?:Load|Save|Preview)|Loader|Selector$|Primitive/
const plainTypes = new Set<JsonValue>(['STRING', 'INT', 'FLOAT', 'BOOLEAN'])
const textUse = /(?:^|\.|_)(?:prompt|text|string(?:_[a-z])?|source|value|json_string|asset_\w+)\d*$/

/**
 * The nodes that make something by themselves, from a prompt or seed of their own: partner nodes, which call a service,
 * and language models. Those that write a text for another are left out, as their prompt is found behind its text;
 * they count where nothing else is made.
 */
export function findAllInOne(graph: RoleGraph): NodeId[] {
  const making = [...graph.reachable].filter((node) => isMaking(graph, node))
  const others = making.filter((node) => !writesText(graph, node))
  return others.length > 0 ? others : making
}

function isMaking(graph: RoleGraph, node: NodeId): boolean {
  const { classType = '', inputs = {} } = graph.workflow.nodes.get(node) ?? {}
  if (notMaking.test(classType) || 'filename_prefix' in inputs) return false
  if (isHolding(graph, node) || 'delimiter' in inputs || 'find' in inputs) return false
  const links = graph.links(node)
  if (links.some((input) => pipelineLink.test(input))) return false
  if (links.includes('clip') && !writesText(graph, node)) return false
  return (
    promptsOf(graph, node).length > 0 || seedsOf(graph, node).length > 0 || modelsOf(graph, node).length > 0
  )
}

/** Whether all that a node does is to hold a value; a class that is known to give more does not. */
function isHolding(graph: RoleGraph, node: NodeId): boolean {
  const types = graph.outputTypes(node) ?? []
  return heldInput(graph.workflow, node) !== undefined && types.every((type) => plainTypes.has(type))
}

function writesText(graph: RoleGraph, node: NodeId): boolean {
  const types = graph.outputTypes(node)
  const uses = graph.uses(node)
  if (types) return uses.every(({ slot }) => types[slot] === 'STRING')
  return uses.length > 0 && uses.every(({ input }) => textUse.test(input))
}

/** The inputs in which such a node takes its prompt. */
export function promptsOf(graph: RoleGraph, node: NodeId): InputRef[] {
  return promptInputs(graph.inputsOf(node)).map((input) => ({ node, input }))
}

export function negativesOf(graph: RoleGraph, node: NodeId): InputRef[] {
  return inputsNamed(graph, node, /^negative_prompt$/)
}

/** Every seed of the node: some have one for the image, the shape and the texture. */
export function seedsOf(graph: RoleGraph, node: NodeId): InputRef[] {
  return inputsNamed(graph, node, /(?:^|_)seed$/)
}

export function modelsOf(graph: RoleGraph, node: NodeId): InputRef[] {
  const inputs = graph.inputsOf(node)
  return ['model', 'model_name', 'model_version']
    .filter((input) => typeof inputs[input] === 'string')
    .map((input) => ({ node, input }))
}

/** The inputs whose name, or whose last part (`width` of `model.width`), matches. */
export function inputsNamed(graph: RoleGraph, node: NodeId, name: RegExp): InputRef[] {
  const inputs = graph.inputsOf(node)
  return Object.keys(inputs)
    .filter(
      (input) => name.test(lastPart(input)) && (isLink(inputs[input]) || typeof inputs[input] !== 'object'),
    )
    .map((input) => ({ node, input }))
}
