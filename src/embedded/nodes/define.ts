import type { JsonObject, JsonValue } from '../../protocol/json.ts'
import type { NodeClass } from '../../protocol/object-info.ts'
import type { EmbeddedNode, Folders } from '../node.ts'

/** Inputs of a class by name, as object_info has them: `['INT', {default: 20, min: 1}]` or `[['a', 'b']]`. */
export type Inputs = JsonObject

/** A node class in short; `defineNode` fills in what is the same for most. */
export interface NodeSpec extends Omit<EmbeddedNode, 'info'> {
  readonly name: string
  /** The title on the page; null for classes that have none of their own. */
  readonly title: string | null
  readonly category: string
  /** A function if the options depend on what lies in the folders. */
  readonly required?: Inputs | ((folders: Folders) => Inputs)
  readonly optional?: Inputs
  /** The types of its outputs. */
  readonly output?: readonly string[]
  /** The names of its outputs; the types by default. */
  readonly outputNames?: readonly string[]
  readonly outputIsList?: boolean
  readonly inputIsList?: boolean
  readonly outputNode?: boolean
  /** Takes the graph and the page's data as hidden inputs, to put them into a file. */
  readonly takesMetadata?: boolean
  readonly deprecated?: boolean
  readonly experimental?: boolean
  /** Its shelf among the page's essentials. */
  readonly essentials?: string
  /** Where the real server has it; `nodes` by default. */
  readonly module?: string
  /** Declared in the newer way (V3): object_info has more fields for it. */
  readonly v3?: boolean
  /** What the newer declaration says of outputs whose type follows from an input. */
  readonly outputMatchTypes?: readonly string[]
}

/** A class under its name, for the table. */
export type TableEntry = readonly [name: string, node: EmbeddedNode]

/** Makes a class's entry in the table, with its full entry in object_info. */
export function defineNode(spec: NodeSpec): TableEntry {
  const { required = {}, validate, fingerprint, run } = spec
  const info =
    typeof required === 'function'
      ? (folders: Folders) => nodeClass(spec, required(folders))
      : nodeClass(spec, required)
  const node = { info, ...(validate && { validate }), ...(fingerprint && { fingerprint }), run }
  return [spec.name, node]
}

/** The fields of object_info, in the order of the real server; descriptions are left empty. */
function nodeClass(spec: NodeSpec, required: Inputs): NodeClass {
  const { output = [], optional, takesMetadata = false, v3 = false } = spec
  const hidden: JsonObject | undefined = takesMetadata
    ? v3
      ? { prompt: ['PROMPT'], extra_pnginfo: ['EXTRA_PNGINFO'] }
      : { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' }
    : undefined
  const input = { required, ...(optional && { optional }), ...(hidden && { hidden }) }
  const entry = {
    input,
    input_order: Object.fromEntries(
      Object.entries(input).map(([group, inputs]) => [group, Object.keys(inputs)]),
    ),
    is_input_list: spec.inputIsList ?? false,
    output,
    output_is_list: output.map(() => spec.outputIsList ?? false),
    output_name: spec.outputNames ?? output,
    ...(v3 && { output_matchtypes: spec.outputMatchTypes ?? null }),
    name: spec.name,
    display_name: spec.title as string,
    description: '',
    python_module: spec.module ?? 'nodes',
    category: spec.category,
    output_node: spec.outputNode ?? false,
    ...flags(spec, v3),
    has_intermediate_output: false,
  }
  return entry
}

function flags(spec: NodeSpec, v3: boolean): Record<string, JsonValue> {
  const { deprecated = false, experimental = false, essentials } = spec
  if (v3) {
    return {
      deprecated,
      experimental,
      dev_only: false,
      api_node: false,
      price_badge: null,
      essentials_category: essentials ?? null,
    }
  }
  return {
    ...(deprecated && { deprecated }),
    ...(experimental && { experimental }),
    ...(essentials !== undefined && { essentials_category: essentials }),
  }
}
