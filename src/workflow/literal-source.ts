import { isLink } from '../protocol/graph.ts'
import type { JsonValue } from '../protocol/json.ts'
import { foundInput, nothing, type Found } from './found.ts'
import { inputValue, linkedNode } from './links.ts'
import { passThrough } from './pass-through.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** What kind of literal is looked for. */
export type LiteralKind = 'number' | 'text'

/** Inputs in which nodes that only hold a value (PrimitiveInt, Seed...) have it, most telling first. */
const valueInputs = ['value', 'text', 'string', 'int', 'float', 'number', 'seed', 'prompt']

/** Inputs that a node may have beside its value without changing it. */
const besides = /^(?:control_(?:after|before)_generate|min|max|step|unique_id)$/

const holderClass = /primitive|constant|literal/i
/** Their output is another text or number than the one that they are given. */
const editingClass =
  /concat|join|replace|regex|trim|split|substring|format|case|random|wildcard|math|length|compare|translate/i

/**
 * Finds the input that holds the literal which an input gets: itself, or that of the primitive that it is linked
 * to, through any number of links. Nothing but a literal of the wanted kind counts: what another node makes of it
 * is `computedBy` that node.
 */
export function literalSource(workflow: Workflow, ref: InputRef, kind: LiteralKind): Found {
  const seen = new Set<NodeId>()
  let at = passThrough(workflow, ref)
  for (;;) {
    const node = linkedNode(workflow, at)
    if (node === undefined)
      return isOfKind(inputValue(workflow, at), kind) ? foundInput(at) : elsewhere(at, ref)
    if (seen.has(node)) return nothing
    seen.add(node)
    const input = heldInput(workflow, node)
    if (input === undefined) return { ...nothing, computedBy: [node] }
    at = passThrough(workflow, { node, input })
  }
}

/** The search ended at something that is no such literal. If another node holds it, that one makes the value. */
function elsewhere(at: InputRef, ref: InputRef): Found {
  return at.node === ref.node ? nothing : { ...nothing, computedBy: [at.node] }
}

/** ComfyUI takes a number in quotes as a number, too. */
function isOfKind(value: JsonValue | undefined, kind: LiteralKind): boolean {
  if (kind === 'text') return typeof value === 'string'
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value))
  return typeof value === 'number' || typeof value === 'bigint'
}

/** Where a node holds the value that it puts out, if it does no more than that. */
function heldInput(workflow: Workflow, node: NodeId): string | undefined {
  const { classType = '', inputs = {} } = workflow.nodes.get(node) ?? {}
  if (editingClass.test(classType)) return undefined
  const names = Object.keys(inputs)
  const isHolder = holderClass.test(classType)
  const held =
    valueInputs.find((name) => names.includes(name)) ??
    (isHolder && names.length === 1 ? names[0] : undefined)
  const others = names.filter((name) => name !== held && !besides.test(name))
  const isPlain = others.length === 0 || (isHolder && !others.some((name) => isLink(inputs[name])))
  return isPlain ? held : undefined
}
