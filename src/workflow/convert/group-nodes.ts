import { isJsonObject, type JsonObject } from '../../protocol/json.ts'
import type { ObjectInfo } from '../../protocol/object-info.ts'
import { readGroup } from './group-definition.ts'
import { groupSubgraph } from './group-subgraph.ts'
import type { UiGraph, UiNode, UiSubgraph, UiWorkflow } from './ui-graph.ts'

/**
 * Turns group nodes, which subgraphs have replaced, into instances of subgraphs. Each gets one of its own, as the values
 * of all nodes inside stand in the group node itself. What is inside a group node 5 is called `5:0`, `5:1`, ...
 */
export function withGroupNodes(
  workflow: UiWorkflow,
  { extra }: JsonObject,
  objectInfo: ObjectInfo,
): UiWorkflow {
  const groups = isJsonObject(extra) && isJsonObject(extra.groupNodes) ? extra.groupNodes : undefined
  if (!groups) return workflow
  const made: [string, UiSubgraph][] = []
  const nodesOf = (graph: UiGraph, place: string): Map<string, UiNode> =>
    new Map(
      Array.from(graph.nodes, ([id, node]) => {
        const name = /^workflow[>/](.+)$/s.exec(node.type)?.[1]
        const group = name !== undefined && Object.hasOwn(groups, name) ? readGroup(groups[name]) : undefined
        if (name === undefined || !group) return [id, node]
        const type = JSON.stringify([place, id, name])
        made.push([type, { ...groupSubgraph(node, group, objectInfo), id: type, name }])
        // Its values are in the nodes of its own subgraph now.
        return [id, { ...node, type, widgetsValues: [] }]
      }),
    )
  const root = { ...workflow.root, nodes: nodesOf(workflow.root, '') }
  const subgraphs = Array.from(workflow.subgraphs, ([id, subgraph]): [string, UiSubgraph] => [
    id,
    { ...subgraph, nodes: nodesOf(subgraph, id) },
  ])
  return { root, subgraphs: new Map([...subgraphs, ...made]) }
}
