import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts'
import type { HistoryEntry } from './history.ts'
import { statusOf } from './history.ts'
import type { Outcome, QueueItem } from './item.ts'
import type { Writable } from './python-json.ts'

/** The states of a job, in the words of `/api/jobs`. */
export const jobStatuses = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'] as const
export type JobStatus = (typeof jobStatuses)[number]

/** One prompt as a job: it waits or runs (no `outcome`), or has ended. */
export interface Job {
  readonly item: QueueItem
  readonly status: JobStatus
  readonly outcome?: Outcome
}

/** A prompt that has ended, as a job: interrupted ones are cancelled, not failed. */
export function endedJob({ item, outcome }: HistoryEntry): Job {
  const wasInterrupted = outcome.messages.some(([type]) => type === 'execution_interrupted')
  const status = outcome.succeeded ? 'completed' : wasInterrupted ? 'cancelled' : 'failed'
  return { item, status, outcome }
}

/** When the job was queued, in milliseconds. */
export function createdAt({ item }: Job): number {
  return Number(item.extraData.create_time ?? 0)
}

/** How long it ran, in milliseconds; 0 if it has not ended. */
export function durationOf({ outcome }: Job): number {
  const { start = 0, end = 0 } = outcome ? timesOf(outcome) : {}
  return end - start
}

/** The workflow's own id, which the page puts into `extra_pnginfo`. */
export function workflowIdOf({ item }: Job): JsonValue | undefined {
  const info = item.extraData.extra_pnginfo
  const workflow = isJsonObject(info) ? info.workflow : undefined
  return isJsonObject(workflow) ? (workflow.id ?? undefined) : undefined
}

/** A job as `GET /api/jobs` lists it. */
export function writeJob(job: Job): { readonly [key: string]: Writable } {
  const { item, status, outcome } = job
  const outputs = outcome ? [...outcome.outputs].flatMap(([node, ui]) => entriesOf(node, ui)) : []
  const { start, end } = outcome ? timesOf(outcome) : {}
  return {
    id: item.promptId,
    status,
    priority: item.number,
    create_time: item.extraData.create_time,
    execution_start_time: start,
    execution_end_time: end,
    execution_error: outcome?.messages.find(([type]) => type === 'execution_error')?.[1],
    outputs_count: outputs.filter(({ isFile }) => isFile).length,
    previewable_outputs_count: outputs.filter(({ isFile, isPreviewable }) => isFile && isPreviewable).length,
    preview_output: previewOf(outputs),
    workflow_id: workflowIdOf(job),
  }
}

/** A job as `GET /api/jobs/{id}` shows it: with outputs and graph if it has ended. */
export function writeJobInFull(job: Job): Writable {
  const { item, outcome } = job
  if (!outcome) return writeJob(job)
  return {
    ...writeJob(job),
    outputs: outcome.outputs,
    execution_status: statusOf(outcome),
    workflow: { prompt: item.graph as unknown as JsonObject, extra_data: item.extraData },
  }
}

interface OutputEntry {
  readonly shown: JsonObject
  /** Text is not: it does not count as an output. */
  readonly isFile: boolean
  readonly isPreviewable: boolean
}

const previewableKeys: ReadonlySet<string> = new Set([
  'images',
  'video',
  'videos',
  'gifs',
  'audio',
  '3d',
  'text',
])
const previewableNames = /\.(?:txt|md|json|obj|fbx|gltf|glb|usdz|ply|splat)$/i

/** The single things in a node's `ui`: files, and the lines of `text`. `animated` and the like are no things. */
function entriesOf(node: string, ui: JsonObject): OutputEntry[] {
  return Object.entries(ui).flatMap(([mediaType, items]) => {
    if (!isJsonArray(items)) return []
    return items.flatMap((item): OutputEntry[] => {
      if (isJsonObject(item)) {
        const isPreviewable = previewableKeys.has(mediaType) || previewableNames.test(textOf(item.filename))
        return [{ shown: { ...item, nodeId: node, mediaType }, isFile: true, isPreviewable }]
      }
      if (mediaType !== 'text' || typeof item !== 'string') return []
      return [{ shown: { content: item, nodeId: node, mediaType }, isFile: false, isPreviewable: true }]
    })
  })
}

/** The first file that is kept; else the first that is not; else the first text. */
function previewOf(outputs: readonly OutputEntry[]): JsonObject | undefined {
  const candidates = outputs.filter(({ isPreviewable }) => isPreviewable)
  const chosen =
    candidates.find(({ shown }) => shown.type === 'output') ??
    candidates.find(({ isFile }) => isFile) ??
    candidates[0]
  return chosen?.shown
}

/** When the prompt began and ended, from its messages. */
function timesOf({ messages }: Outcome): { start?: number; end?: number } {
  const start = messages.find(([type]) => type === 'execution_start')?.[1].timestamp
  const end = messages.findLast(([type]) => /^execution_(?:success|error|interrupted)$/.test(type))?.[1]
    .timestamp
  return { ...(typeof start === 'number' && { start }), ...(typeof end === 'number' && { end }) }
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
