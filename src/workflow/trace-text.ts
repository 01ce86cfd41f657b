import { isLink } from '../protocol/graph.ts'
import { nothing, together, type Found } from './found.ts'
import { hasInput } from './links.ts'
import { literalSource } from './literal-source.ts'
import { linksNamed, onlyLink, walkBack, type Stop } from './walk-back.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** Inputs of text encoders that carry the prompt, the main one first: some take it several times. */
const textInputs = (
  'text prompt user_prompt positive_prompt text_g t5xxl mt5xl llama qwen25_7b tags caption ' +
  'text_l clip_l clip_g bert'
).split(' ')

/**
 * The inputs that hold the text which reaches some conditioning inputs: through ControlNet, combining, area and
 * guidance nodes back to the text encoders, and through primitives to where the text itself stands. All texts of
 * one encoder are set alike, so only its main one tells. Nothing if no text reaches it (a zeroed-out negative).
 */
export function traceText(workflow: Workflow, conditionings: readonly InputRef[]): Found {
  const encoders: Found[] = []
  walkBack(workflow, conditionings, (stop) => {
    const onward = conditioningInputs(stop)
    if (onward.length === 0) encoders.push(textsOf(workflow, stop.node))
    return onward
  })
  return together(encoders)
}

function textsOf(workflow: Workflow, node: NodeId): Found {
  const encoder = workflow.nodes.get(node)
  const names = textInputs.filter((input) => encoder && hasInput(encoder, input))
  const texts = names.map((input) => literalSource(workflow, { node, input }, 'text'))
  const main = texts.find(({ inputs }) => inputs.length > 0) ?? nothing
  return { ...together(texts), telling: main.telling }
}

/** Where a node gets the conditioning from that it puts out by one of its slots. None for an encoder. */
function conditioningInputs({ classType, inputs, slot }: Stop): string[] {
  // Its output holds nothing of what came in.
  if (classType === 'ConditioningZeroOut') return []
  // Nodes that pass on both sides (ControlNetApplyAdvanced) give positive first, then negative.
  if (isLink(inputs.positive) && isLink(inputs.negative)) return [slot === 1 ? 'negative' : 'positive']
  const named = linksNamed(inputs, /^(?:positive$|cond|on_(?:true|false)$)/)
  return named.length > 0 ? named : onlyLink(inputs)
}
