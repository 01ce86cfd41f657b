import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import type { NodeClass } from '../../protocol/object-info.ts'

/** One input that a node may have, as its class describes it for the values that the node holds. */
export interface InputForm {
  /** With the names before it, for the inputs of a dynamic combo or of a growing group: `resize_type.width`. */
  readonly name: string
  readonly required: boolean
  /** `INT`, a link type such as `MODEL`, several with commas between, or `COMBO`. */
  readonly type: string
  /** The values that a COMBO allows; undefined if the page fetches them from elsewhere. */
  readonly choices?: readonly JsonValue[]
  /** The options object of object_info: `min`, `max`, `multiselect`, `image_upload`, ... */
  readonly options: JsonObject
  /** Whether the choice decides which other inputs there are. */
  readonly isSelector: boolean
}

/** The inputs of a class for one node. */
export interface NodeForms {
  readonly forms: ReadonlyMap<string, InputForm>
  /** Beginnings of names under which anything may stand: groups of a kind that we don't know. */
  readonly open: readonly string[]
  /** Names that stand for a group of inputs, and hold no value themselves. */
  readonly groups: readonly string[]
}

/**
 * The inputs that a class has for a node with these values: each choice of a dynamic combo (`COMFY_DYNAMICCOMBO_V3`)
 * brings inputs of its own, and a growing group (`COMFY_AUTOGROW_V3`) has as many as are filled.
 */
export function inputForms(nodeClass: NodeClass, values: JsonObject): NodeForms {
  const found: Expansion = { values, forms: new Map(), open: [], groups: [] }
  expand(found, nodeClass.input, '')
  return found
}

interface Expansion {
  readonly values: JsonObject
  readonly forms: Map<string, InputForm>
  readonly open: string[]
  readonly groups: string[]
}

/** Declares the inputs of `{required: {...}, optional: {...}}`. */
function expand(found: Expansion, groups: JsonValue | NodeClass['input'] | undefined, before: string): void {
  if (!isJsonObject(groups)) return
  for (const group of ['required', 'optional'] as const) {
    const inputs = groups[group]
    if (!isJsonObject(inputs)) continue
    for (const [name, config] of Object.entries(inputs)) {
      declare(found, `${before}${name}`, config, group === 'required')
    }
  }
}

function declare(found: Expansion, name: string, config: JsonValue, required: boolean): void {
  const [type, extra] = isJsonArray(config) ? config : [config]
  const options = isJsonObject(extra) ? extra : {}
  if (type === 'COMFY_AUTOGROW_V3') return grow(found, name, options, required)
  if (type === 'COMFY_DYNAMICCOMBO_V3') return choose(found, name, options, required)
  const isKnown = typeof type !== 'string' || type === 'COMFY_MATCHTYPE_V3' || !/^COMFY_\w+_V3$/.test(type)
  if (!isKnown) found.open.push(`${name}.`)
  const choices = isJsonArray(type) ? type : type === 'COMBO' ? options.options : undefined
  found.forms.set(name, {
    name,
    required,
    type: isJsonArray(type) ? 'COMBO' : isKnown && typeof type === 'string' ? type : '*',
    ...(isJsonArray(choices) && { choices }),
    options,
    isSelector: false,
  })
}

/** The selector is a combo of the options' keys; the chosen option's inputs have the selector's name before theirs. */
function choose(found: Expansion, name: string, options: JsonObject, required: boolean): void {
  const branches = (isJsonArray(options.options) ? options.options : []).filter(isJsonObject)
  const choices = branches.map(({ key = null }) => key)
  found.forms.set(name, { name, required, type: 'COMBO', choices, options, isSelector: true })
  const value = Object.hasOwn(found.values, name) ? found.values[name] : undefined
  const chosen = branches.find(({ key }) => key === value)
  if (chosen) expand(found, chosen.inputs, `${name}.`)
  // What a link or a wrong choice would bring can't be said.
  else found.open.push(`${name}.`)
}

/** The slots are named `group.prefixN` (from 0 on, some from 1) or by a list of names; at least `min` are wanted. */
function grow(found: Expansion, group: string, options: JsonObject, required: boolean): void {
  const template = isJsonObject(options.template) ? options.template : {}
  const element = elementOf(template.input)
  found.groups.push(group)
  if (!element) {
    found.open.push(`${group}.`)
    return
  }
  const names = isJsonArray(template.names) ? template.names.map(String) : undefined
  const prefix = typeof template.prefix === 'string' ? template.prefix : ''
  const min = required && typeof template.min === 'number' ? template.min : 0
  const slots = Object.keys(found.values)
    .filter((key) => key.startsWith(`${group}.`))
    .map((key) => key.slice(group.length + 1))
    .filter((slot) => names?.includes(slot) ?? isNumbered(slot, prefix))
  const wanted = names ? names.slice(0, min) : Array.from({ length: min }, (_, index) => `${prefix}${index}`)
  const missing = wanted.filter((slot) => !slots.includes(slot)).slice(0, Math.max(0, min - slots.length))
  for (const slot of [...slots, ...missing])
    declare(found, `${group}.${slot}`, element, missing.includes(slot))
}

/** What each slot takes: the one input of the group's template. */
function elementOf(groups: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(groups)) return undefined
  for (const group of [groups.required, groups.optional]) {
    if (isJsonObject(group)) return Object.values(group)[0]
  }
  return undefined
}

function isNumbered(slot: string, prefix: string): boolean {
  return slot.startsWith(prefix) && /^\d+$/.test(slot.slice(prefix.length))
}
