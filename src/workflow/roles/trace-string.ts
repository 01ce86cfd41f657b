import { isLink } from '../../protocol/graph.ts'
import { inputValue } from '../links.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import { computed, foundInput, nothing, together, type Found } from './found.ts'
import { promptInputs } from './prompt-inputs.ts'
import type { RoleGraph, Source } from './role-graph.ts'
import { heldInput } from './value-holders.ts'

/** A text that goes into the one that is looked for. */
interface Piece {
  readonly ref: InputRef
  readonly text: string
  /** It stands in a node that puts texts together, and joins what others hold. */
  readonly isGlue: boolean
}

/** Inputs of text nodes that say how to do it, and are no text that is handed on. */
const controls = /^(?:find|key|mode|delimiter|regex_pattern|pattern|json_string|case_insensitive)$/
const textLinks = /^(?:string|text|source|value|input|any|a$|b$|c$|on_true$|on_false$)|prompt/
const glueInputs = /^(?:string|text|prefix|suffix|f_string)/

/** A text for a language model, and not for a person to edit: by its title, or by how it begins. */
const systemTitle = /system|template|trigger|instruct|rewrite/i
const systemText = /^\s*(?:<[^>\n]{1,24}>\s*)*(?:you are (?:an? |the )|role:|system|\[meta\]|<\|)/i
const promptTitle = /prompt|positive|negative|user/i

/** Nothing a person made is nested deeper; a graph that is must not overflow the stack. */
const deepest = 200

/**
 * Finds the text that a person would edit to change the one that an input gets: through nodes that join, replace,
 * cut out or preview, to the text that they are given, and through those that write a text to the prompt they get.
 * Of several pieces, templates and texts for a language model are left, and one that is titled as a prompt is taken.
 */
export function traceString(graph: RoleGraph, ref: InputRef): Found {
  const end = graph.end(ref)
  const own = inputValue(graph.workflow, end)
  if (typeof own === 'string') return foundInput(end)
  const source = graph.source(end)
  if (!source) return end.node === ref.node ? nothing : computed(end.node)
  const pieces = collect(graph, end, { seen: new Set(), depth: 0, isGlue: false })
  const chosen = choose(graph, pieces)
  if (chosen.length === 0) return computed(source.node)
  const left = pieces.filter((piece) => !piece.isGlue && !chosen.includes(piece))
  const notes = left.map(
    ({ ref: { node, input } }) => `${node}.${input} is a part of the text too, but not the prompt in it`,
  )
  return { ...together(chosen.map((piece) => foundInput(piece.ref))), notes }
}

interface Walk {
  readonly seen: Set<NodeId>
  readonly depth: number
  readonly isGlue: boolean
}

function collect(graph: RoleGraph, ref: InputRef, walk: Walk): Piece[] {
  const end = graph.end(ref)
  const text = inputValue(graph.workflow, end)
  if (typeof text === 'string') return [{ ref: end, text, isGlue: walk.isGlue }]
  const source = graph.source(end)
  if (!source || walk.seen.has(source.node) || walk.depth > deepest) return []
  walk.seen.add(source.node)
  const next: Walk = { ...walk, depth: walk.depth + 1, isGlue: false }
  return piecesOf(graph, source, next)
}

function piecesOf(graph: RoleGraph, { node, inputs }: Source, walk: Walk): Piece[] {
  const from = (input: string, isGlue = false): Piece[] =>
    collect(graph, { node, input }, { ...walk, isGlue })
  const held = heldInput(graph.workflow, node)
  if (held !== undefined) return from(held)
  if ('find' in inputs && 'replace' in inputs && isLink(inputs.replace)) {
    const inserted = from('replace').filter((piece) => !piece.isGlue)
    const template = from('string', !isLink(inputs.string))
    if (inserted.length === 0) return template
    const { find } = inputs
    // The text with the gap that the other one fills is its template.
    const isTemplate = ({ text }: Piece): boolean => typeof find === 'string' && text.includes(find)
    return [...inserted, ...template.filter((piece) => !piece.isGlue && !isTemplate(piece))]
  }
  const prompts = promptInputs(inputs)
  if (prompts.length > 0) return prompts.flatMap((input) => from(input))
  const links = Object.keys(inputs).filter(
    (input) => isLink(inputs[input]) && textLinks.test(input) && !controls.test(input),
  )
  const linked = links.flatMap((input) => from(input))
  const isSwitch = 'on_true' in inputs || 'on_false' in inputs
  const literals = Object.keys(inputs).filter(
    (input) => typeof inputs[input] === 'string' && (isSwitch ? /^on_/ : glueInputs).test(input),
  )
  return [...linked, ...literals.flatMap((input) => from(input, !isSwitch))]
}

function choose(graph: RoleGraph, pieces: readonly Piece[]): readonly Piece[] {
  const whole = pieces.filter((piece) => !piece.isGlue)
  // One text in a node that edits it is that text; two in a node that joins them are neither.
  if (whole.length === 0) return pieces.length === 1 ? pieces : []
  const titleOf = ({ ref }: Piece): string => graph.workflow.nodes.get(ref.node)?.title ?? ''
  const rules: readonly ((piece: Piece) => boolean)[] = [
    ({ text }) => !systemText.test(text),
    (piece) => !systemTitle.test(titleOf(piece)),
    (piece) => promptTitle.test(titleOf(piece)) && !systemTitle.test(titleOf(piece)),
    ({ text }) => text.trim() !== '',
  ]
  let left = whole
  for (const rule of rules) {
    const kept = left.filter(rule)
    if (kept.length > 0) left = kept
  }
  return left
}
