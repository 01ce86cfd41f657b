import type { NodeId } from './graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { isBlockedError, nodeFailure, type NodeFailure } from './messages.ts'
import { secondsBetween, timestampOf } from './server-time.ts'

/** How the server ended a prompt, from its own record. */
export interface PromptRecord {
  readonly status: 'success' | 'error' | 'interrupted'
  readonly outputs: JsonObject
  readonly failure?: NodeFailure
  /** The output nodes that the server accepted (`prompt[4]`); undefined if the record does not say. */
  readonly accepted?: readonly NodeId[]
  /** Nodes whose results came from the cache. */
  readonly cached: readonly NodeId[]
  /** How long the server worked on it, by its own clock, if it did all and said so. */
  readonly seconds?: number
}

/**
 * Reads an entry of `GET /history/{id}`. What happened is taken from the messages, because `status_str` can
 * say `success` for a prompt that failed (a cycle at run time), and is missing on old servers and forks.
 */
export function readHistoryEntry(entry: JsonObject): PromptRecord {
  const status = isJsonObject(entry.status) ? entry.status : {}
  const messages = isJsonArray(status.messages) ? status.messages : []
  const accepted = isJsonArray(entry.prompt) ? entry.prompt[4] : undefined
  return {
    ...readMessages(messages, status.status_str === 'error'),
    outputs: isJsonObject(entry.outputs) ? entry.outputs : {},
    ...(isJsonArray(accepted) && { accepted: accepted.map(String) }),
  }
}

function readMessages(
  messages: readonly JsonValue[],
  saysError: boolean,
): Pick<PromptRecord, 'status' | 'failure' | 'cached' | 'seconds'> {
  let interrupted = false
  let failure: NodeFailure | undefined
  let cached: NodeId[] = []
  let startedAt: number | undefined
  let endedAt: number | undefined
  for (const message of messages) {
    if (!isJsonArray(message)) continue
    const [type, data] = message
    if (!isJsonObject(data)) continue
    if (type === 'execution_start') startedAt = timestampOf(data)
    if (type === 'execution_success') endedAt = timestampOf(data)
    if (type === 'execution_interrupted') interrupted = true
    if (type === 'execution_error' && !isBlockedError(data)) failure = nodeFailure(data)
    if (type === 'execution_cached' && isJsonArray(data.nodes)) cached = data.nodes.map(String)
  }
  if (failure) return { status: 'error', failure, cached }
  if (interrupted) return { status: 'interrupted', cached }
  const seconds = secondsBetween(startedAt, endedAt)
  return {
    status: saysError ? 'error' : 'success',
    cached,
    ...(seconds !== undefined && { seconds }),
  }
}

/** One item of `GET /queue`: `[number, prompt_id, prompt, extra_data, outputs_to_execute]`. */
export interface QueueItem {
  readonly number: number
  readonly promptId: string
}

/** The server's queue, in the order of execution (the wire has the pending part in heap order). */
export interface Queue {
  readonly running: readonly QueueItem[]
  readonly pending: readonly QueueItem[]
}

/** Reads `GET /queue`. */
export function readQueue(body: JsonObject): Queue {
  const pending = queueItems(body.queue_pending)
  pending.sort((a, b) => a.number - b.number || (a.promptId < b.promptId ? -1 : 1))
  return { running: queueItems(body.queue_running), pending }
}

function queueItems(items: JsonValue | undefined): QueueItem[] {
  if (!isJsonArray(items)) return []
  return items.flatMap((item) =>
    isJsonArray(item) && typeof item[1] === 'string' ? [{ number: Number(item[0]), promptId: item[1] }] : [],
  )
}
