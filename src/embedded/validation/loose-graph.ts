import type { NodeId } from '../../protocol/graph.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'

/** A graph whose nodes are known to be objects; what is in them is unchecked. */
export type LooseGraph = Readonly<Record<NodeId, JsonObject>>

/** Takes an object of objects as a graph. Throws TypeError for anything else. */
export function looseGraph(prompt: JsonValue): LooseGraph {
  if (!isJsonObject(prompt)) throw new TypeError('the prompt is not an object')
  for (const node of Object.values(prompt)) {
    if (!isJsonObject(node)) throw new TypeError('a node is not an object')
  }
  return prompt as LooseGraph
}

/** A node's class; empty, which is no class, if it names none. */
export function classOf(node: JsonObject | undefined): string {
  return typeof node?.class_type === 'string' ? node.class_type : ''
}
