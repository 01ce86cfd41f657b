import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { Writable } from './python-json.ts'

/** A prompt that was accepted: it waits, runs, or has ended. */
export interface QueueItem {
  /** Lower numbers run first; equal ones in the order of the ids. */
  readonly number: number
  readonly promptId: string
  /** The graph after validation converted its values. */
  readonly graph: ApiGraph
  /** With `client_id` and `create_time`, without API keys. */
  readonly extraData: JsonObject
  /** The output nodes to run. */
  readonly outputs: readonly NodeId[]
}

/** An item as `GET /queue` and history show it. */
export function itemTuple({ number, promptId, graph, extraData, outputs }: QueueItem): readonly JsonValue[] {
  return [number, promptId, graph as unknown as JsonObject, extraData, outputs]
}

/** Who gets the events of a prompt; undefined: nobody in particular. */
export function clientOf({ extraData }: QueueItem): JsonValue | undefined {
  return extraData.client_id ?? undefined
}

/** A message with its time, as it stands in history. */
export type StatusMessage = readonly [type: string, data: { readonly [key: string]: Writable }]

/** How a prompt ended. */
export interface Outcome {
  readonly succeeded: boolean
  readonly messages: readonly StatusMessage[]
  /** What the page shows, by node, in the order in which the nodes ended. */
  readonly outputs: ReadonlyMap<NodeId, JsonObject>
}
