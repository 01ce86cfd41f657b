import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../src/protocol/json.ts'
import { parseMessage } from '../../../src/protocol/messages.ts'
import { exchanges, requestOf, type Scenario } from '../../rig/golden.ts'

/**
 * The graph that must have run before, so that the first prompt of a recording finds in the cache what it found
 * there: the same graph, with another value in every node that was not cached. Undefined if nothing was cached.
 */
export function preludeOf(scenario: Scenario): JsonObject | undefined {
  const graph = exchanges(scenario, 'POST', '/prompt').map((event) => requestOf(event).prompt)[0]
  if (!isJsonObject(graph)) return undefined
  const cached = firstCached(scenario, graph)
  if (cached.length === 0) return undefined
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => [
      id,
      cached.includes(id) || !isJsonObject(node) || !isJsonObject(node.inputs)
        ? node
        : { ...node, inputs: Object.fromEntries(Object.entries(node.inputs).map(changed)) },
    ]),
  )
}

/** The cached nodes of the first prompt. Without a client nobody says: they are those that never ran. */
function firstCached(scenario: Scenario, graph: JsonObject): readonly JsonValue[] {
  let seen: readonly string[] | undefined
  for (const event of scenario.events) {
    const message = event.dir === 'ws' && event.text !== undefined ? parseMessage(event.text) : undefined
    const nodes = message?.type === 'execution_cached' ? message.data.nodes : undefined
    if (isJsonArray(nodes)) return nodes
    if (message?.type === 'progress_state' && isJsonObject(message.data.nodes)) {
      seen = Object.keys(message.data.nodes)
    }
  }
  return seen ? Object.keys(graph).filter((id) => !seen.includes(id)) : []
}

function changed([name, value]: [string, JsonValue]): [string, JsonValue] {
  if (name === 'seed') return [name, 1]
  if (name === 'color') return [name, Number(value) + 1]
  if (name === 'width') return [name, Number(value) + 16]
  if (name === 'filename_prefix') return [name, 'prelude']
  return [name, value]
}
