import { createHash } from 'node:crypto'
import { isJsonArray, isJsonObject, stringifyJson, type JsonValue } from '../protocol/json.ts'
import type { InputRef, Workflow, WorkflowNode } from '../workflow/workflow.ts'
import type { JobUpload } from './job.ts'

/** What makes a job this job and no other. */
export interface JobRequest {
  /** The patched graph; what it holds in the inputs named below does not count. */
  readonly workflow: Workflow
  /** Inputs that get a drawn seed. */
  readonly drawn: readonly InputRef[]
  readonly uploads: readonly JobUpload[]
  /** From 1. */
  readonly copy: number
}

/** Texts of nodes that no job changes: most nodes of most jobs. */
const texts = new WeakMap<WorkflowNode, string>()

/**
 * SHA-256 of a request, in hex. Equal requests have equal keys: the order of nodes and inputs, titles, and the
 * paths of input files play no part.
 */
export function jobKey({ workflow, drawn, uploads, copy }: JobRequest): string {
  const replaced = new Map<string, Record<string, JsonValue>>()
  const replace = ({ node, input }: InputRef, value: JsonValue): void => {
    replaced.set(node, { ...replaced.get(node), [input]: value })
  }
  for (const target of drawn) replace(target, null)
  for (const { targets, hash } of uploads) for (const target of targets) replace(target, { sha256: hash })
  const hash = createHash('sha256').update(`copy ${copy}\n`)
  const ids = Array.from(workflow.nodes.keys()).sort()
  for (const id of ids) {
    const node = workflow.nodes.get(id)
    if (node) hash.update(`${JSON.stringify(id)} ${nodeText(node, replaced.get(id))}\n`)
  }
  return hash.digest('hex')
}

function nodeText(node: WorkflowNode, replaced: Record<string, JsonValue> | undefined): string {
  const kept = replaced ? undefined : texts.get(node)
  if (kept !== undefined) return kept
  const text = stringifyJson([node.classType, sorted({ ...node.inputs, ...replaced })])
  if (!replaced) texts.set(node, text)
  return text
}

function sorted(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
