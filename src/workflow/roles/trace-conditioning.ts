import { isLink } from '../../protocol/graph.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import type { RoleGraph, Source } from './role-graph.ts'
import { sideOf, type Side } from './sides.ts'
import { onlyLink, walkBack } from './walk-back.ts'

/** What conditioning is made of. */
export interface Conditioning {
  readonly encoders: readonly Encoder[]
  /** `guidance` inputs on the way (FluxGuidance, CLIPTextEncodeFlux). */
  readonly guidance: readonly InputRef[]
}

/** A node that turns texts into conditioning. */
export interface Encoder {
  readonly node: NodeId
  /** The inputs that hold its texts for one side, the main one first. */
  readonly texts: readonly InputRef[]
}

/** Inputs of text encoders that carry the prompt, the main one first: some take it several times. */
const positiveTexts = (
  'text prompt user_prompt positive_prompt positive text_g t5xxl mt5xl llama qwen25_7b tags caption ' +
  'text_l clip_l clip_g bert'
).split(' ')
const negativeTexts = ['negative_prompt', 'negative']

/**
 * Follows conditioning inputs back to the text encoders: through ControlNet, combining, area and guidance nodes, by
 * the side that each output carries. One encoder may give both sides. Conditioning that is zeroed out has no text.
 */
export function traceConditioning(graph: RoleGraph, ports: readonly InputRef[]): Conditioning {
  const encoders: Encoder[] = []
  const guidance: InputRef[] = []
  walkBack(graph, ports, (source) => {
    // Its output holds nothing of what came in.
    if (source.classType === 'ConditioningZeroOut') return []
    const { node, inputs, slot } = source
    if ('guidance' in inputs) guidance.push({ node, input: 'guidance' })
    const onward = conditioningInputs(graph, source)
    const texts = onward.length > 0 ? [] : encoderTexts(graph, node, sideOf(graph, node, slot))
    if (texts.length > 0) encoders.push({ node, texts })
    return onward.length > 0 || texts.length > 0 ? onward : onlyLink(graph, node)
  })
  return { encoders, guidance }
}

/** The inputs of an encoder that hold its texts for one side. An encoder for one side only has them for both. */
export function encoderTexts(graph: RoleGraph, node: NodeId, side: Side): InputRef[] {
  const inputs = graph.inputsOf(node)
  const named = (names: readonly string[]): InputRef[] =>
    names
      .filter(
        (input) =>
          Object.hasOwn(inputs, input) && (typeof inputs[input] === 'string' || isLink(inputs[input])),
      )
      .map((input) => ({ node, input }))
  const negative = named(negativeTexts)
  if (side === 'negative' && negative.length > 0) return negative
  const positive = named(positiveTexts)
  return positive.length > 0 ? positive : longTexts(graph, node)
}

/** The large text fields of a class that is known, and names its texts in a way of its own. */
function longTexts(graph: RoleGraph, node: NodeId): InputRef[] {
  const inputs = graph.inputsOf(node)
  return Object.entries(graph.inputConfigs(node))
    .filter(
      ([input, config]) =>
        Object.hasOwn(inputs, input) && !/negative|system|lyrics/.test(input) && isLongText(config),
    )
    .map(([input]) => ({ node, input }))
}

function isLongText(config: unknown): boolean {
  if (!Array.isArray(config)) return false
  const [type, options] = config
  return type === 'STRING' && typeof options === 'object' && options !== null && options.multiline === true
}

/** Where a node gets the conditioning from that it puts out by one of its slots. None for an encoder. */
function conditioningInputs(graph: RoleGraph, { node, slot }: Source): string[] {
  const links = graph.links(node)
  const ofSide = (side: Side): string[] => links.filter((input) => input.startsWith(side))
  if (ofSide('positive').length > 0 && ofSide('negative').length > 0) return ofSide(sideOf(graph, node, slot))
  const named = /^(?:positive|cond|on_(?:true|false)$)/
  return links.filter((input) => named.test(input) || isConditioning(graph, { node, input }))
}

function isConditioning(graph: RoleGraph, ref: InputRef): boolean {
  const source = graph.source(ref)
  return source !== undefined && graph.outputTypes(source.node)?.[source.slot] === 'CONDITIONING'
}
