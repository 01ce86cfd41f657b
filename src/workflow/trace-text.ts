import { isLink } from '../protocol/graph.ts'
import { literalSource } from './literal-source.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** Inputs of text encoders that carry the prompt (SDXL and dual encoders take it several times). */
const textInputs = [
  'text',
  'prompt',
  'text_g',
  'text_l',
  'clip_l',
  'clip_g',
  't5xxl',
  'llama',
  'positive_prompt',
]

/**
 * The inputs that hold the text which reaches a conditioning input: through ControlNet, combining, area and
 * guidance nodes back to the text encoders, and through primitives to where the text itself stands. Empty if
 * no text reaches it (a zeroed-out negative).
 */
export function traceText(workflow: Workflow, conditioning: InputRef): InputRef[] {
  const seen = new Set<string>()
  const found: InputRef[] = []
  const visit = (ref: InputRef): void => {
    const link = workflow.nodes.get(ref.node)?.inputs[ref.input]
    if (!isLink(link)) return
    const [node, slot] = link
    const key = JSON.stringify([node, slot])
    if (seen.has(key)) return
    seen.add(key)
    const texts = textsOf(workflow, node)
    if (texts.length > 0) found.push(...texts)
    else for (const input of conditioningInputs(workflow, node, slot)) visit({ node, input })
  }
  visit(conditioning)
  return unique(found)
}

function textsOf(workflow: Workflow, node: NodeId): InputRef[] {
  const inputs = workflow.nodes.get(node)?.inputs ?? {}
  return textInputs.flatMap((input) => {
    if (!(input in inputs)) return []
    const source = literalSource(workflow, { node, input })
    const value = source && workflow.nodes.get(source.node)?.inputs[source.input]
    return source && typeof value === 'string' ? [source] : []
  })
}

/** Where a node's output of this slot gets its conditioning from. */
function conditioningInputs(workflow: Workflow, node: NodeId, slot: number): string[] {
  const { inputs = {}, classType = '' } = workflow.nodes.get(node) ?? {}
  // Its output holds nothing of what came in.
  if (classType === 'ConditioningZeroOut') return []
  // Nodes that pass on both sides (ControlNetApplyAdvanced) give positive first, then negative.
  if ('positive' in inputs && 'negative' in inputs) return [slot === 1 ? 'negative' : 'positive']
  return Object.keys(inputs).filter((input) => /^(?:positive$|cond)/.test(input) || isOnlyLink(inputs, input))
}

/** Reroutes and their like have one link, whatever its name. */
function isOnlyLink(inputs: Readonly<Record<string, unknown>>, input: string): boolean {
  return Object.keys(inputs).length === 1 && input in inputs
}

/** The same inputs, each once. */
export function unique(refs: readonly InputRef[]): InputRef[] {
  return [...new Map(refs.map((ref) => [JSON.stringify([ref.node, ref.input]), ref])).values()]
}
