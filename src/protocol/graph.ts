import { isJsonArray, type JsonObject, type JsonValue } from './json.ts'

/** A node's id in a graph: an opaque string such as `6`, `57:8` (inside a subgraph) or `4.0.0.2` (made at run time). */
export type NodeId = string

/** One node as `POST /prompt` takes it. */
export interface ApiNode {
  readonly class_type: string
  readonly inputs: JsonObject
  readonly _meta?: { readonly title?: string; readonly [key: string]: JsonValue | undefined }
}

/** An API-format workflow: what the ComfyUI page exports with "Export (API)". */
export interface ApiGraph {
  readonly [id: NodeId]: ApiNode
}

/** A link to another node's output: `["4", 0]`. */
export type Link = readonly [node: NodeId, slot: number]

/** Whether an input's value is a link. ComfyUI takes any two-element list as one (execution.py, is_link). */
export function isLink(value: JsonValue | undefined): value is Link {
  return (
    isJsonArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number'
  )
}
