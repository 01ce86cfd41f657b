import { isLink } from '../protocol/graph.ts'
import { linkedNode } from './links.ts'
import type { InputRef, Workflow } from './workflow.ts'

/** Inputs in which primitive nodes (PrimitiveInt, String, Seed...) hold their value, most telling first. */
const valueInputs = ['value', 'text', 'string', 'int', 'float', 'number', 'seed']

/**
 * The input that holds the value which an input gets: itself if it holds a literal, else the literal of the
 * primitive that it is linked to, through any number of links. Undefined if the value is computed.
 */
export function literalSource(workflow: Workflow, ref: InputRef): InputRef | undefined {
  const seen = new Set<string>()
  let at: InputRef | undefined = ref
  while (at) {
    if (seen.has(at.node)) return undefined
    seen.add(at.node)
    const value = workflow.nodes.get(at.node)?.inputs[at.input]
    if (value === undefined) return undefined
    if (!isLink(value)) return at
    at = valueInput(workflow, at)
  }
  return undefined
}

/** Where the node that an input is linked to holds its value: its only input, or one that is named as such. */
function valueInput(workflow: Workflow, ref: InputRef): InputRef | undefined {
  const node = linkedNode(workflow, ref)
  if (node === undefined) return undefined
  const inputs = Object.keys(workflow.nodes.get(node)?.inputs ?? {})
  const input =
    inputs.length === 1 ? inputs[0] : [...valueInputs, ref.input].find((name) => inputs.includes(name))
  return input === undefined ? undefined : { node, input }
}
