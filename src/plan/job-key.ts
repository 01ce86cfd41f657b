import { createHash } from 'node:crypto'
import { isJsonArray, isJsonObject, type JsonValue } from '../protocol/json.ts'
import type { Patch } from '../workflow/patch.ts'
import type { NodeId, Workflow, WorkflowNode } from '../workflow/workflow.ts'

/** Texts of nodes as the workflow has them: no job of a plan changes more than a few. */
const texts = new WeakMap<WorkflowNode, string>()

/**
 * SHA-256, in hex, of a graph with other values in some inputs, and a copy number. Equal requests have equal keys:
 * the order of nodes and inputs, and titles, play no part. A later one of `values` wins over an earlier one.
 */
export function jobKey(workflow: Workflow, values: readonly Patch[], copy: number): string {
  const changed = new Map<NodeId, Record<string, JsonValue>>()
  for (const { target, value } of values) {
    const inputs = changed.get(target.node) ?? { ...workflow.nodes.get(target.node)?.inputs }
    inputs[target.input] = value
    changed.set(target.node, inputs)
  }
  let text = `copy ${copy}\n`
  for (const [id, node] of sortedNodes(workflow)) {
    const inputs = changed.get(id)
    text += `${JSON.stringify(id)} ${inputs ? nodeText(node.classType, inputs) : unchangedText(node)}\n`
  }
  return createHash('sha256').update(text).digest('hex')
}

/** Nodes in the order of their ids, which is the same for all jobs of a workflow. */
const orders = new WeakMap<Workflow, readonly (readonly [NodeId, WorkflowNode])[]>()

function sortedNodes(workflow: Workflow): readonly (readonly [NodeId, WorkflowNode])[] {
  const order = orders.get(workflow) ?? Array.from(workflow.nodes).sort(byKey)
  orders.set(workflow, order)
  return order
}

function unchangedText(node: WorkflowNode): string {
  const text = texts.get(node) ?? nodeText(node.classType, node.inputs)
  texts.set(node, text)
  return text
}

function nodeText(classType: string, inputs: JsonValue): string {
  return `${JSON.stringify(classType)} ${canonical(inputs)}`
}

/** JSON with the keys of objects in order. */
function canonical(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'bigint') return String(value)
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(byKey)
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
