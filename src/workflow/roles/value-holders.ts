import { isLink } from '../../protocol/graph.ts'
import type { NodeId, Workflow } from '../workflow.ts'

/** Inputs in which nodes that only hold a value (PrimitiveInt, Seed...) have it, most telling first. */
const valueInputs = ['value', 'text', 'string', 'int', 'float', 'number', 'seed', 'noise_seed', 'prompt']

/** Inputs that a node may have beside its value without changing it. */
const besides = /^(?:control_(?:after|before)_generate|min|max|step|unique_id)$/

const holderClass = /primitive|constant|literal/i
/** Their output is another text or number than the one that they are given. */
const editingClass =
  /concat|join|replace|regex|trim|split|substring|format|case|random|wildcard|math|length|compare|translate/i

/** The input in which a node holds the value that it puts out, if it does no more than that. */
export function heldInput(workflow: Workflow, node: NodeId): string | undefined {
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
