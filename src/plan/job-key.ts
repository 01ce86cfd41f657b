import { hash } from 'node:crypto'
import { isJsonArray, isJsonObject, type JsonValue } from '../protocol/json.ts'
import type { Patch } from '../workflow/patch.ts'
import type { NodeId, Workflow } from '../workflow/workflow.ts'

/** A node's part of the text that is hashed, ready to be put together with other values in some inputs. */
interface NodeText {
  readonly id: NodeId
  /** With the values that the workflow has. */
  readonly whole: string
  readonly head: string
  /** The inputs in the order of their names; `text` is the value that the workflow has. */
  readonly inputs: readonly { readonly name: string; readonly label: string; readonly text: string }[]
}

/** The texts of a workflow's nodes, in the order of their ids: no job of a plan changes more than a few. */
const texts = new WeakMap<Workflow, readonly NodeText[]>()

/**
 * SHA-256, in hex, of a graph with other values in some of its inputs, and a copy number. Equal requests have equal
 * keys: the order of nodes and inputs, and titles, play no part. A later one of `values` wins over an earlier one.
 */
export function jobKey(workflow: Workflow, values: readonly Patch[], copy: number): string {
  const nodes = texts.get(workflow) ?? nodeTexts(workflow)
  texts.set(workflow, nodes)
  const changed = new Map<NodeId, Map<string, string>>()
  for (const { target, value } of values) {
    let inputs = changed.get(target.node)
    if (!inputs) changed.set(target.node, (inputs = new Map()))
    inputs.set(target.input, canonical(value))
  }
  let text = `copy ${copy}\n`
  for (const node of nodes) {
    const inputs = changed.get(node.id)
    text += inputs ? changedText(node, inputs) : node.whole
  }
  return hash('sha256', text, 'hex')
}

function nodeTexts(workflow: Workflow): NodeText[] {
  return Array.from(workflow.nodes)
    .sort(byKey)
    .map(([id, { classType, inputs }]) => {
      const head = `${JSON.stringify(id)} ${JSON.stringify(classType)} `
      const parts = Object.entries(inputs)
        .sort(byKey)
        .map(([name, value]) => ({ name, label: `${JSON.stringify(name)}:`, text: canonical(value) }))
      const node = { id, head, inputs: parts }
      return { ...node, whole: changedText(node, new Map()) }
    })
}

function changedText(
  { head, inputs }: Omit<NodeText, 'whole'>,
  changed: ReadonlyMap<string, string>,
): string {
  let text = `${head}{`
  let comma = ''
  for (const input of inputs) {
    text += comma + input.label + (changed.get(input.name) ?? input.text)
    comma = ','
  }
  return `${text}}\n`
}

/** JSON with the keys of objects in order. */
function canonical(value: JsonValue): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (isJsonArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'bigint') return String(value)
  if (!isJsonObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(byKey)
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
