import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'

export type { NodeId } from '../protocol/graph.ts'

/** One node of a workflow. An input's value is either a literal or a link `["id", slot]`. */
export interface WorkflowNode {
  readonly classType: string
  readonly inputs: JsonObject
  /** What the user called the node (`_meta.title`). */
  readonly title?: string
  /** `_meta` as it was read, to be written back unchanged. */
  readonly meta?: JsonObject
}

/** An immutable API-format graph. A patch makes a new one. */
export interface Workflow {
  readonly nodes: ReadonlyMap<NodeId, WorkflowNode>
  /** Where it was read from, for messages: a path, or `stdin`. */
  readonly source: string
  /** The UI-format graph that came with it (a PNG's `workflow` chunk); sent along so that new images carry it. */
  readonly uiWorkflow?: JsonValue
  /** A server's node classes, where they are at hand: roles are then found by the types of links, too. */
  readonly nodeClasses?: ObjectInfo
  /** Roles that the user settled in a file beside the workflow: `source` is that file. */
  readonly settledRoles?: {
    readonly source: string
    readonly roles: ReadonlyMap<string, readonly InputRef[]>
  }
}

/** Names one input of one node. */
export interface InputRef {
  readonly node: NodeId
  readonly input: string
}

/** The graph as `POST /prompt` takes it. */
export function toGraph(workflow: Workflow): ApiGraph {
  return Object.fromEntries(
    Array.from(workflow.nodes, ([id, node]) => [
      id,
      { class_type: node.classType, inputs: node.inputs, ...(node.meta && { _meta: node.meta }) },
    ]),
  )
}
