import type { NodeId } from './graph.ts'
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from './json.ts'

/** A text frame of the WebSocket: `{type, data}`. The types form an open set; unknown ones are ignored. */
export interface SocketMessage {
  readonly type: string
  readonly data: JsonObject
}

/** What `execution_error` tells about the node that raised. */
export interface NodeFailure {
  readonly node: NodeId
  readonly classType: string
  readonly exceptionType: string
  /** Trimmed; may hold several lines. */
  readonly message: string
}

/** Reads a text frame. Anything that is not an object with a `type` gives undefined: never an error. */
export function parseMessage(text: string): SocketMessage | undefined {
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(value) || typeof value.type !== 'string') return undefined
  return { type: value.type, data: isJsonObject(value.data) ? value.data : {} }
}

/** The failure in an `execution_error` message, from the socket or from history. */
export function nodeFailure(data: JsonObject): NodeFailure {
  return {
    node: text(data.node_id),
    classType: text(data.node_type),
    exceptionType: text(data.exception_type),
    message: text(data.exception_message).trim(),
  }
}

/** An ExecutionBlocker with a message: reported like an error, but the prompt goes on (execution.py). */
export function isBlockedError(data: JsonObject): boolean {
  return data.exception_type === 'ExecutionBlocked'
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** The client's first frame: asks for previews that carry node and prompt id (binary type 4). */
export const featureFlagsMessage = JSON.stringify({
  type: 'feature_flags',
  data: { supports_preview_metadata: true },
})
