import { isJsonObject, type JsonValue } from '../protocol/json.ts'
import { readHistoryEntry, readQueue, type PromptRecord, type Queue } from '../protocol/history.ts'
import type { Access } from './access.ts'
import type { Capabilities } from './capabilities.ts'
import { getJson, jsonOf, largestAnswer, send, unexpected } from './http.ts'

/**
 * What the server itself says about a prompt. `unknown`: neither queued nor in history. Right after an end
 * that can be a moment's truth only, so a prompt is given up after two such answers, not one.
 */
export type Truth =
  | { readonly state: 'pending'; readonly ahead: number }
  | { readonly state: 'running' }
  | { readonly state: 'ended'; readonly record: PromptRecord }
  | { readonly state: 'unknown' }

/** The server's record of a finished prompt; undefined while it is not finished, or if it is unknown. */
export async function readRecord(access: Access, promptId: string): Promise<PromptRecord | undefined> {
  const body = await getJson(access, `history/${encodeURIComponent(promptId)}`, {
    mostBytes: largestAnswer,
  })
  const entry = body[promptId]
  return isJsonObject(entry) ? readHistoryEntry(entry) : undefined
}

/** `GET /queue`, in order of execution. With hundreds of prompts queued the answer is megabytes long. */
export async function fetchQueue(access: Access): Promise<Queue> {
  return readQueue(await getJson(access, 'queue', { mostBytes: largestAnswer }))
}

/**
 * Asks the server where a prompt is. Where it has the jobs API one call tells; otherwise the queue is read
 * before the history: the other way round, a prompt that ends in between would be seen in neither.
 */
export async function readTruth(
  access: Access,
  capabilities: Capabilities,
  promptId: string,
): Promise<Truth> {
  const status = capabilities.jobs ? await jobStatus(access, promptId) : 'not asked'
  if (status === 'in_progress') return { state: 'running' }
  if (status === undefined) return { state: 'unknown' }
  // The jobs API gives no position, so a waiting prompt is still looked up in the queue.
  if (status === 'pending' || status === 'not asked') {
    const queue = await fetchQueue(access)
    if (queue.running.some((item) => item.promptId === promptId)) return { state: 'running' }
    const position = queue.pending.findIndex((item) => item.promptId === promptId)
    if (position >= 0) return { state: 'pending', ahead: position + queue.running.length }
  }
  const record = await readRecord(access, promptId)
  return record ? { state: 'ended', record } : { state: 'unknown' }
}

async function jobStatus(access: Access, promptId: string): Promise<JsonValue | undefined> {
  const answer = await send(access, 'GET', `api/jobs/${encodeURIComponent(promptId)}`, {
    mostBytes: largestAnswer,
  })
  if (answer.status === 404) return undefined
  const job = jsonOf(answer)
  if (answer.status !== 200 || !isJsonObject(job)) throw unexpected(access, 'GET /api/jobs/{id}', answer)
  return job.status
}
