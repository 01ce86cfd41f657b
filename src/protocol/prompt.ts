import type { ApiGraph, NodeId } from './graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** The body of `POST /prompt`. `extra_data` must be an object: `null` kills the worker of old servers. */
export interface PromptBody {
  readonly prompt: ApiGraph
  readonly client_id: string
  readonly prompt_id: string
  readonly extra_data: JsonObject
}

/** One complaint about one node, from `node_errors`. `type` is an open set. */
export interface InputError {
  readonly node: NodeId
  readonly classType: string
  readonly type: string
  readonly message: string
  readonly details: string
  readonly input?: string
  /** What the server got, if it says so. */
  readonly received?: JsonValue
  /** `[type, options]`, as in object_info; null for long lists. */
  readonly config?: JsonValue
  readonly extra: JsonObject
}

/** A refusal of a prompt: HTTP 400. */
export interface Rejection {
  readonly type: string
  readonly message: string
  readonly details: string
  readonly extra: JsonObject
  readonly inputErrors: readonly InputError[]
}

/** Reads the JSON body of a refusal. Before 0.3.28 `error` could be a plain string. */
export function readRejection(body: JsonValue): Rejection {
  const object = isJsonObject(body) ? body : {}
  const error: JsonObject = isJsonObject(object.error) ? object.error : { message: object.error ?? null }
  return {
    type: text(error.type) || 'rejected',
    message: text(error.message) || 'the server gave no reason',
    details: text(error.details),
    extra: isJsonObject(error.extra_info) ? error.extra_info : {},
    inputErrors: readNodeErrors(object.node_errors),
  }
}

/** Reads `node_errors`, which may also come with a 200 when only some outputs were refused. */
export function readNodeErrors(nodeErrors: JsonValue | undefined): InputError[] {
  if (!isJsonObject(nodeErrors)) return []
  return Object.entries(nodeErrors).flatMap(([node, entry]) => {
    if (!isJsonObject(entry) || !isJsonArray(entry.errors)) return []
    const classType = text(entry.class_type)
    return entry.errors.filter(isJsonObject).map((error) => inputError(node, classType, error))
  })
}

function inputError(node: NodeId, classType: string, error: JsonObject): InputError {
  const extra = isJsonObject(error.extra_info) ? error.extra_info : {}
  return {
    node,
    classType,
    type: text(error.type),
    message: text(error.message),
    details: text(error.details),
    ...(typeof extra.input_name === 'string' && { input: extra.input_name }),
    ...('received_value' in extra && { received: extra.received_value }),
    ...(extra.input_config !== undefined && { config: extra.input_config }),
    extra,
  }
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
