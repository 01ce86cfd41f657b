import type { NodeId } from '../workflow.ts'
import type { RoleGraph } from './role-graph.ts'

/** What a conditioning is for. */
export type Side = 'positive' | 'negative'

const conditioningPort = /^(?:positive|negative|cond)/

/**
 * Which side an output of a node carries that gives out conditioning for both: the first of its conditioning outputs is
 * the positive one. Where the class is not known, the outputs that reach conditioning inputs are taken for its
 * conditioning outputs.
 */
export function sideOf(graph: RoleGraph, node: NodeId, slot: number): Side {
  const types = graph.outputTypes(node)
  if (types) return types.indexOf('CONDITIONING') < slot ? 'negative' : 'positive'
  const uses = graph.uses(node)
  const slots = uses.filter(({ input }) => conditioningPort.test(input)).map((use) => use.slot)
  const least = Math.min(...slots)
  if (slots.some((other) => other !== least)) return slot > least ? 'negative' : 'positive'
  // Only one is used. A model that is passed on as well is the first output, and shifts the others.
  const first = uses.some((use) => use.slot === 0 && use.input === 'model') ? 1 : 0
  return slot > first ? 'negative' : 'positive'
}
