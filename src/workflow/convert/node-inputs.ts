import { isJsonArray, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import type { Catalogue } from './catalogue.ts'
import { resolvePrompt, type Random } from './dynamic-prompt.ts'
import { withIndexOfChoice } from './own-widgets.ts'
import type { Scope } from './scopes.ts'
import type { TextTokens } from './text-tokens.ts'
import type { Tracer } from './trace.ts'
import type { UiNode } from './ui-graph.ts'
import type { Widget } from './widgets.ts'

export interface InputTools {
  readonly catalogue: Catalogue
  readonly tracer: Tracer
  readonly tokens: TextTokens
  readonly random: Random
  /** Whether a node is run: a link to another one is left out. */
  readonly isRun: (id: string) => boolean
}

/** The inputs of a node in API format: what its widgets hold, and over that what it is linked to. */
export function nodeInputs(scope: Scope, node: UiNode, tools: InputTools): JsonObject {
  const { catalogue, tracer, isRun } = tools
  const { widgets, sockets } = catalogue.parts(node)
  const inputs = new Map(widgets.map((widget) => [widget.name, sent(widget, widget.value, tools)]))
  for (const socket of sockets) {
    const source = tracer.trace(scope, socket)
    if (source?.from === 'node') {
      if (isRun(source.id)) inputs.set(socket.name, [source.id, source.slot])
      else inputs.delete(socket.name)
    } else if (source?.from === 'host') {
      inputs.set(socket.name, wrapped(source.value))
    } else if (source?.from === 'primitive') {
      const widget = widgets.find(({ name }) => name === socket.name)
      const value = primitiveValue(source.primitive, tools.tokens)
      if (widget && value !== undefined) inputs.set(socket.name, sent(widget, value, tools))
    }
  }
  return withIndexOfChoice(node.type, Object.fromEntries(inputs))
}

/** What a primitive writes. Its text may name values of other nodes, if the user has chosen so. */
function primitiveValue({ widgetsValues, properties }: UiNode, tokens: TextTokens): JsonValue | undefined {
  const value = Object.values(widgetsValues)[0]
  const isFilled = properties['Run widget replace on values'] === true
  return typeof value === 'string' && isFilled ? tokens.fill(value) : value
}

/** What is sent for the value of a widget. */
function sent(widget: Widget, value: JsonValue, { tokens, random }: InputTools): JsonValue {
  if (typeof value !== 'string') return wrapped(value)
  if (widget.isDynamicPrompt) return resolvePrompt(value, random)
  return widget.name === 'filename_prefix' ? tokens.fill(value) : value
}

/** A list would be taken for a link, so it is sent in an object (ComfyUI, execution.py). */
function wrapped(value: JsonValue): JsonValue {
  return isJsonArray(value) ? { __value__: value } : value
}
