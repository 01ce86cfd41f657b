import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** One node class as `GET /object_info` describes it. Only the fields that comfy-run reads are named. */
export interface NodeClass {
  readonly input: {
    readonly required?: JsonObject
    readonly optional?: JsonObject
    readonly hidden?: JsonObject
  }
  readonly input_order?: { readonly [group: string]: readonly string[] }
  readonly output: readonly (string | JsonValue)[]
  readonly output_name?: readonly string[]
  /** For each output whose type follows from an input: the template that they share. */
  readonly output_matchtypes?: readonly (string | null)[] | null
  readonly name: string
  readonly display_name?: string
  readonly category?: string
  /** Where it comes from: `nodes`, `comfy_extras.nodes_flux`, `custom_nodes.ComfyUI-KJNodes`. */
  readonly python_module?: string
  readonly output_node: boolean
  /** True for a class that calls a paid service. */
  readonly api_node?: boolean
}

/** `GET /object_info`: node classes by name. An unknown class is absent, not an error. */
export interface ObjectInfo {
  readonly [classType: string]: NodeClass
}

/**
 * The node classes in an answer of `GET /object_info`. Entries that describe no inputs, as a broken custom node may
 * leave them, are left out. Undefined if the value holds no node class at all.
 */
export function readObjectInfo(value: JsonValue): ObjectInfo | undefined {
  if (!isJsonObject(value)) return undefined
  const classes = Object.entries(value).flatMap(([name, entry]) => {
    if (!isJsonObject(entry) || !isJsonObject(entry.input)) return []
    const output = isJsonArray(entry.output) ? entry.output : []
    return [[name, { name, output_node: false, ...entry, output }] as const]
  })
  // `fromEntries` takes any name for one, `__proto__` too.
  return classes.length === 0 ? undefined : (Object.fromEntries(classes) as unknown as ObjectInfo)
}

/** The class of that name, if the server has it. Names that every object answers to, such as `toString`, are none. */
export function nodeClassNamed(objectInfo: ObjectInfo, classType: string): NodeClass | undefined {
  return Object.hasOwn(objectInfo, classType) ? objectInfo[classType] : undefined
}

/** One input of a node class, in one shape whichever schema version the server used. */
export interface InputSpec {
  readonly name: string
  readonly required: boolean
  /** `INT`, `FLOAT`, `STRING`, `BOOLEAN`, `COMBO`, or a link type such as `MODEL`. */
  readonly type: string
  /** The allowed values of a COMBO. */
  readonly options?: readonly JsonValue[]
  readonly default?: JsonValue
  readonly min?: number | bigint
  readonly max?: number | bigint
  readonly step?: number
}

/** The inputs of a class, required ones first, in the order that the server lists them. */
export function inputSpecs(nodeClass: NodeClass): InputSpec[] {
  return inputConfigs(nodeClass.input).map(inputSpec)
}

/** One input as the server describes it, in one shape whichever schema version it used. */
export interface InputConfig {
  readonly name: string
  readonly required: boolean
  /** As `InputSpec`'s. */
  readonly type: string
  /** What may be chosen: values of a COMBO, objects of a dynamic one. */
  readonly choices?: readonly JsonValue[]
  /** All that stands beside the type. */
  readonly options: JsonObject
}

/**
 * The inputs of a class or of a choice of a dynamic COMBO: in the order of `order` (`input_order`), then those that it
 * does not name; required ones first.
 */
export function inputConfigs(
  { required, optional }: { readonly required?: JsonValue; readonly optional?: JsonValue },
  order?: NodeClass['input_order'],
): InputConfig[] {
  const configs = (group: JsonValue | undefined, isRequired: boolean): InputConfig[] =>
    Object.entries(isJsonObject(group) ? group : {}).map(([name, config]) =>
      inputConfig(name, config, isRequired),
    )
  const all = [...configs(required, true), ...configs(optional, false)]
  const listed = [order?.required, order?.optional].flatMap((names) => (Array.isArray(names) ? names : []))
  if (listed.length === 0) return all
  const places = new Map(listed.map((name, at) => [name, at]))
  const placeOf = ({ name }: InputConfig): number => places.get(name) ?? places.size
  return all.sort((a, b) => placeOf(a) - placeOf(b))
}

/** Classic schema: `[["a","b"], {...}]` for a COMBO; V3 schema: `["COMBO", {options: [...]}]`. */
function inputConfig(name: string, config: JsonValue, required: boolean): InputConfig {
  const [type, extra] = isJsonArray(config) ? config : [config]
  const options = isJsonObject(extra) ? extra : {}
  const choices = isJsonArray(type) ? type : isJsonArray(options.options) ? options.options : undefined
  return {
    name,
    required,
    type: typeof type === 'string' ? type : 'COMBO',
    ...(choices && { choices }),
    options,
  }
}

function inputSpec({ name, required, type, choices, options }: InputConfig): InputSpec {
  return {
    name,
    required,
    type,
    ...(choices && { options: choices }),
    ...(options.default !== undefined && { default: options.default }),
    ...(isNumeric(options.min) && { min: options.min }),
    ...(isNumeric(options.max) && { max: options.max }),
    ...(typeof options.step === 'number' && { step: options.step }),
  }
}

function isNumeric(value: JsonValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
