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

/** The literal that an input holds, or gets from a node with one input only. */
function constant(workflow: Workflow, ref: InputRef): unknown {
  const seen = new Set<NodeId>()
  let at = ref
  for (;;) {
    const node = linkedNode(workflow, at)
    if (node === undefined) return inputValue(workflow, at)
    const [input, ...others] = Object.keys(workflow.nodes.get(node)?.inputs ?? {})
    if (input === undefined || others.length > 0 || seen.has(node)) return undefined
    seen.add(node)
    at = { node, input }
  }
}
