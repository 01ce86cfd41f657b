import { isJsonArray, isJsonObject, type JsonObject } from '../../protocol/json.ts'
import type { ObjectInfo } from '../../protocol/object-info.ts'
import { withGroupNodes } from './group-nodes.ts'
import { readGraph, readSubgraph } from './read-ui-graph.ts'
import type { UiSubgraph, UiWorkflow } from './ui-graph.ts'
import { withUniqueIds } from './unique-ids.ts'

/** Reads what the page saves, in schema 0.4 or 1.0: the graph, its subgraphs, and group nodes as subgraphs. */
export function readUiWorkflow(file: JsonObject, objectInfo: ObjectInfo): UiWorkflow {
  const { root, subgraphs } = withUniqueIds(readGraph(file), definitionsIn(file), lastNodeIdOf(file))
  const workflow = { root, subgraphs: new Map(subgraphs.map((subgraph) => [subgraph.id, subgraph])) }
  return withGroupNodes(workflow, file, objectInfo)
}

/** A subgraph's own definitions, which some versions keep with it, come after it. */
function definitionsIn(file: JsonObject): UiSubgraph[] {
  const found: JsonObject[] = [file]
  // The list grows while it is walked.
  for (const { definitions } of found) {
    if (isJsonObject(definitions) && isJsonArray(definitions.subgraphs)) {
      found.push(...definitions.subgraphs.filter(isJsonObject))
    }
  }
  return found.slice(1).flatMap((value) => readSubgraph(value) ?? [])
}

/** In schema 0.4 it stands in the graph itself, in 1.0 in its `state`. */
function lastNodeIdOf({ last_node_id: last, state }: JsonObject): number {
  const value = Number(last ?? (isJsonObject(state) ? state.lastNodeId : 0))
  return Number.isSafeInteger(value) && value > 0 ? value : 0
}
