import { isLink } from '../protocol/graph.ts'
import type { JsonObject } from '../protocol/json.ts'
import { inputValue } from './links.ts'
import { passThrough } from './pass-through.ts'
import type { InputRef, NodeId, Workflow } from './workflow.ts'

/** A node that a walk comes to, and by which of its outputs. */
export interface Stop {
  readonly node: NodeId
  readonly slot: number
  readonly classType: string
  readonly inputs: JsonObject
}

/**
 * Walks the links back from some inputs, depth first. `visit` is called once for each output that is met, and names
 * the inputs to go on by. Reroutes and constant switches are passed without a stop; loops and chains of any
 * length are fine.
 */
export function walkBack(
  workflow: Workflow,
  from: readonly InputRef[],
  visit: (stop: Stop) => readonly string[],
): void {
  const seen = new Set<string>()
  const waiting = from.toReversed()
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const link = inputValue(workflow, passThrough(workflow, ref))
    const found = isLink(link) ? workflow.nodes.get(link[0]) : undefined
    if (!isLink(link) || !found) continue
    const [node, slot] = link
    const key = `${slot} ${node}`
    if (seen.has(key)) continue
    seen.add(key)
    const onward = visit({ node, slot, classType: found.classType, inputs: found.inputs })
    waiting.push(...onward.map((input) => ({ node, input })).reverse())
  }
}

/** The inputs of a node that are links and whose name matches. */
export function linksNamed(inputs: JsonObject, name: RegExp): string[] {
  return Object.keys(inputs).filter((input) => name.test(input) && isLink(inputs[input]))
}

/** The one input of a node that has no other, if it is a link: whatever its name, it leads on. */
export function onlyLink(inputs: JsonObject): string[] {
  const names = Object.keys(inputs)
  return names.length === 1 ? linksNamed(inputs, /^/) : []
}
