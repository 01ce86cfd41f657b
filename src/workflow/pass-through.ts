import type { JsonValue } from '../protocol/json.ts'
import { inputValue, linkedNode } from './links.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/**
 * The input whose value an input gets in the end: itself, or, while it is linked to a node that only hands on what
 * it is given (a reroute, or a switch whose position is a constant), that node's input. Loops end where they began.
 */
export function passThrough(workflow: Workflow, ref: InputRef): InputRef {
  const seen = new Set<NodeId>()
  let at = ref
  for (;;) {
    const node = linkedNode(workflow, at)
    if (node === undefined || seen.has(node)) return at
    seen.add(node)
    const input = handedOn(workflow, node)
    if (input === undefined) return at
    at = { node, input }
  }
}

/** The input that a node hands on unchanged, if it does nothing else. */
function handedOn(workflow: Workflow, node: NodeId): string | undefined {
  const { classType = '', inputs = {} } = workflow.nodes.get(node) ?? {}
  const names = Object.keys(inputs)
  if (/reroute/i.test(classType)) return names.length === 1 ? names[0] : undefined
  if (!names.includes('switch')) return undefined
  const position = constant(workflow, { node, input: 'switch' })
  if (typeof position !== 'boolean') return undefined
  const chosen = position ? 'on_true' : 'on_false'
  return names.includes(chosen) ? chosen : undefined
}

/** The value that an input holds, or gets from nodes that only hold, choose or compare constants. */
export function constant(workflow: Workflow, ref: InputRef): JsonValue | undefined {
  const seen = new Set<NodeId>()
  let at = ref
  for (;;) {
    const node = linkedNode(workflow, at)
    if (node === undefined) return inputValue(workflow, at)
    if (seen.has(node)) return undefined
    seen.add(node)
    const { classType = '', inputs = {} } = workflow.nodes.get(node) ?? {}
    if (classType === 'StringCompare') return comparison(workflow, node)
    const names = Object.keys(inputs)
    const input = classType === 'CustomCombo' ? 'choice' : names[0]
    if (input === undefined || (names.length > 1 && classType !== 'CustomCombo')) return undefined
    at = { node, input }
  }
}

/** What ComfyUI's node that compares two texts gives, if both are constants. */
function comparison(workflow: Workflow, node: NodeId): boolean | undefined {
  const { inputs = {} } = workflow.nodes.get(node) ?? {}
  const text = (input: string): string | undefined => {
    const ref = { node, input }
    const value = linkedNode(workflow, ref) === undefined ? inputs[input] : comboOf(workflow, ref)
    if (typeof value !== 'string') return undefined
    return inputs.case_sensitive === false ? value.toLowerCase() : value
  }
  const a = text('string_a')
  const b = text('string_b')
  if (a === undefined || b === undefined) return undefined
  if (inputs.mode === 'Starts With') return a.startsWith(b)
  if (inputs.mode === 'Ends With') return a.endsWith(b)
  return inputs.mode === 'Equal' ? a === b : undefined
}

/** The literal of the node that an input is linked to. */
function comboOf(workflow: Workflow, ref: InputRef): JsonValue | undefined {
  const node = linkedNode(workflow, ref)
  const { inputs = {} } = (node !== undefined && workflow.nodes.get(node)) || {}
  return inputs.choice ?? inputs.value
}
