import type { InputRef } from '../workflow.ts'
import type { RoleGraph, Source } from './role-graph.ts'

/**
 * Walks the links back from some inputs, depth first. `visit` is called once for each output that is met, and names
 * the inputs to go on by. Reroutes and constant switches are passed without a stop; loops and chains of any
 * length are fine.
 */
export function walkBack(
  graph: RoleGraph,
  from: readonly InputRef[],
  visit: (source: Source) => readonly string[],
): void {
  const seen = new Set<string>()
  const waiting = from.toReversed()
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const source = graph.source(ref)
    if (!source) continue
    const { node, slot } = source
    const key = `${slot} ${node}`
    if (seen.has(key)) continue
    seen.add(key)
    waiting.push(
      ...visit(source)
        .map((input) => ({ node, input }))
        .reverse(),
    )
  }
}

/** The inputs of a node that are links and whose name matches. */
export function linksNamed(graph: RoleGraph, node: string, name: RegExp): string[] {
  return graph.links(node).filter((input) => name.test(input))
}

/** The one input of a node that has no other, if it is a link: whatever its name, it leads on. */
export function onlyLink(graph: RoleGraph, node: string): string[] {
  return Object.keys(graph.inputsOf(node)).length === 1 ? graph.links(node) : []
}
