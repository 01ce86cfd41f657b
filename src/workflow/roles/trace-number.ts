import { isLink } from '../../protocol/graph.ts'
import type { JsonValue } from '../../protocol/json.ts'
import { inputValue } from '../links.ts'
import type { InputRef, NodeId } from '../workflow.ts'
import { computed, foundInput, nothing, type Found } from './found.ts'
import { lastPart } from './prompt-inputs.ts'
import type { RoleGraph } from './role-graph.ts'
import { heldInput } from './value-holders.ts'

/** A number that is measured at an image: its width (slot 0), height (1) or count (2). */
export interface Measured {
  readonly by: NodeId
  readonly of: InputRef
  readonly slot: number
}

const mathClass = /math|expression|calculat|arithmetic|round|floor|ceil|convert|number|float|int/i
const measuringClass = /size|dimension|resolution|count|info/i
const pictures = ['image', 'images', 'pixels', 'latent', 'samples', 'input', 'video']

/**
 * Finds the number that an input gets: its own, that of the primitive that it is linked to, or that of the only value
 * that goes into some arithmetic (rounding, halving). A number that is measured at an image is `Measured`; what
 * is made of several values, or in another way, is computed.
 */
export function numberSource(graph: RoleGraph, ref: InputRef): Found | Measured {
  const seen = new Set<NodeId>()
  let at = graph.end(ref)
  for (;;) {
    const source = graph.source(at)
    if (!source) return isNumeric(inputValue(graph.workflow, at)) ? foundInput(at) : elsewhere(at, ref)
    const { node, slot, classType } = source
    if (seen.has(node)) return nothing
    seen.add(node)
    const held =
      heldInput(graph.workflow, node) ?? handedOn(graph, node, ref) ?? onlyOperand(graph, node, classType)
    if (held !== undefined) {
      at = graph.end({ node, input: held })
      continue
    }
    const picture = measuringClass.test(classType)
      ? pictures.find((name) => isLinkAt(graph, node, name))
      : undefined
    return picture === undefined ? computed(node) : { by: node, of: { node, input: picture }, slot }
  }
}

/** As `numberSource`; a measured number is one that is computed. */
export function traceNumber(graph: RoleGraph, ref: InputRef): Found {
  const source = numberSource(graph, ref)
  return 'by' in source ? computed(source.by) : source
}

/** A node that takes a number of the same name and gives it out beside what it makes of it (WanCameraEmbedding). */
function handedOn(graph: RoleGraph, node: NodeId, { input }: InputRef): string | undefined {
  const name = lastPart(input)
  return Object.hasOwn(graph.inputsOf(node), name) ? name : undefined
}

function onlyOperand(graph: RoleGraph, node: NodeId, classType: string): string | undefined {
  if (!mathClass.test(classType)) return undefined
  const links = graph.links(node)
  return links.length === 1 ? links[0] : undefined
}

function isLinkAt(graph: RoleGraph, node: NodeId, input: string): boolean {
  return isLink(graph.inputsOf(node)[input])
}

/** The search ended at something that is no number. If another node holds it, that one makes the value. */
function elsewhere(at: InputRef, ref: InputRef): Found {
  return at.node === ref.node ? nothing : computed(at.node)
}

/** ComfyUI takes a number in quotes as a number, too. */
function isNumeric(value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value))
  return typeof value === 'number' || typeof value === 'bigint'
}
