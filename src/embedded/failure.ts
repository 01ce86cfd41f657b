import { isLink, type ApiNode } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { NodeClass } from '../protocol/object-info.ts'
import { Interrupted, NodeError } from './node.ts'
import { pythonRepr } from './python-text.ts'
import type { QueueItem } from './item.ts'

/** Why a node failed, in the shape of `execution_error`; undefined if it was stopped. */
export function failureOf(
  thrown: unknown,
  node: ApiNode,
  info: NodeClass,
  item: QueueItem,
  inputs: Readonly<Record<string, unknown>>,
): JsonObject | undefined {
  if (thrown instanceof Interrupted) return undefined
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    exception_message: `${message}\n`,
    exception_type: thrown instanceof NodeError ? thrown.exceptionType : 'RuntimeError',
    traceback: [`  comfy-run's embedded server, node class ${node.class_type}\n`],
    current_inputs: { ...shownInputs(node, inputs), ...hiddenInputs(info, item) },
    current_outputs: Object.keys(item.graph),
  }
}

/** Each input as a list of one value, as ComfyUI has them; what no JSON can hold is named by its input. */
function shownInputs(node: ApiNode, inputs: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => {
      const literal = node.inputs[name]
      const shown = literal === undefined || isLink(literal) ? scalar(value, name) : literal
      return [name, [shown]]
    }),
  )
}

function scalar(value: unknown, name: string): JsonValue {
  const isScalar = value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  return isScalar ? (value as JsonValue) : `<${name}>`
}

function hiddenInputs(info: NodeClass, item: QueueItem): JsonObject {
  const hidden: Record<string, JsonValue> = {}
  for (const [name, kind] of Object.entries(info.input.hidden ?? {})) {
    const type = Array.isArray(kind) ? (kind[0] as JsonValue) : kind
    if (type === 'PROMPT') hidden[name] = [pythonRepr(item.graph as unknown as JsonObject)]
    if (type === 'EXTRA_PNGINFO') {
      const info = item.extraData.extra_pnginfo ?? null
      hidden[name] = [info === null ? null : pythonRepr(info)]
    }
  }
  return hidden
}
