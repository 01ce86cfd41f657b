import { isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { inputConfigs, type InputConfig, type NodeClass } from '../../protocol/object-info.ts'
import { buttonsBefore, withBrowserInputs } from './browser-widgets.ts'
import { withoutForcedInputs } from './forced-inputs.ts'
import { formatInputs } from './format-widgets.ts'
import { ownWidgets } from './own-widgets.ts'
import { StoredValues } from './stored-values.ts'
import type { UiNode } from './ui-graph.ts'
import { companions, hasWidget, initialValue } from './widget-types.ts'

/** A widget of a node, with what the file holds for it, or else what it holds at first. */
export interface Widget {
  readonly name: string
  readonly value: JsonValue
  /** Whether its text may hold comments and choices such as `{red|blue}`. */
  readonly isDynamicPrompt: boolean
}

/**
 * The widgets of a node in the order of its class. A dynamic COMBO is followed by those of its choice. What comes
 * last in a node, such as the button of an upload, needs no place here.
 */
export function readWidgets(node: UiNode, nodeClass: NodeClass): Widget[] {
  const inputs = inputConfigs(nodeClass.input, nodeClass.input_order)
  const values = new StoredValues(withoutForcedInputs(node.widgetsValues, inputs))
  const own = ownWidgets(node.type, values)
  if (own) return own.map(([name, value]) => ({ name, value, isDynamicPrompt: false }))
  // The widget of a type that a custom node brings is known by what the page has stored.
  const stored = new Set(node.inputs.flatMap(({ widget }) => widget ?? []))
  return withBrowserInputs(node.type, inputs).flatMap((input) => {
    const isWidget = hasWidget(input) || (stored.has(input.name) && input.options.forceInput !== true)
    values.skip(buttonsBefore(node.type, input))
    return readWidget(input, values, isWidget)
  })
}

function readWidget(input: InputConfig, values: StoredValues, isWidget = hasWidget(input)): Widget[] {
  if (input.type === 'COMFY_DYNAMICCOMBO_V3') return readDynamicCombo(input, values)
  if (!isWidget) return []
  const { name, options } = input
  // A null is no value: no class would take it for one.
  const value = values.take(name) ?? initialValue(input)
  values.skip(companions(input))
  if (value === undefined) return []
  return [
    { name, value, isDynamicPrompt: options.dynamicPrompts === true },
    ...formatInputs(input, value).flatMap((further) => readWidget(further, values)),
  ]
}

/** The choice, and the widgets that come with it, whose names begin with the COMBO's. */
function readDynamicCombo({ name, choices, options }: InputConfig, values: StoredValues): Widget[] {
  const all = choices?.filter(isJsonObject) ?? []
  const value = values.take(name) ?? options.default ?? all[0]?.key
  if (value === undefined) return []
  const chosen = all.find(({ key }) => key === value)?.inputs
  const inputs = isJsonObject(chosen) ? inputConfigs(chosen) : []
  return [
    { name, value, isDynamicPrompt: false },
    ...inputs.flatMap((input) => readWidget({ ...input, name: `${name}.${input.name}` }, values)),
  ]
}
