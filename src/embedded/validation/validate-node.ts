import { isLink, type NodeId } from '../../protocol/graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { inputSpecs, type InputSpec, type NodeClass } from '../../protocol/object-info.ts'
import { nodeInfo } from '../node-info.ts'
import type { EmbeddedNode, Folders } from '../node.ts'
import { pythonRepr, pythonStr } from '../python-text.ts'
import { checkRange, convertValue } from './check-value.ts'
import { CheckError, inputFault, type Fault } from './faults.ts'
import { classOf, type LooseGraph } from './loose-graph.ts'
import { typesMatch } from './link-types.ts'

/** Whether a node and everything upstream is sound, and what is wrong with the node itself. */
export interface NodeCheck {
  readonly valid: boolean
  readonly faults: readonly Fault[]
}

/** Checks nodes, each once, together with everything upstream; converts their values on the way. */
export class NodeValidator {
  readonly #graph: LooseGraph
  readonly #nodes: ReadonlyMap<string, EmbeddedNode>
  readonly #folders: Folders
  /** In the order in which nodes were settled: `node_errors` has the same. */
  readonly checks = new Map<NodeId, NodeCheck>()
  /** The converted inputs of every node that was checked. */
  readonly converted = new Map<NodeId, JsonObject>()
  /** The nodes on the way from the output to the node at hand. */
  readonly #path: NodeId[] = []

  constructor(graph: LooseGraph, nodes: ReadonlyMap<string, EmbeddedNode>, folders: Folders) {
    this.#graph = graph
    this.#nodes = nodes
    this.#folders = folders
  }

  /** Throws `CheckError` where Python would raise. */
  check(id: NodeId): NodeCheck {
    const known = this.checks.get(id)
    if (known) return known
    if (this.#path.includes(id)) return this.#cycle(id)
    this.#path.push(id)
    try {
      const found = this.#checkInputs(id)
      // A cycle through this node has settled it already.
      const settled = this.checks.get(id) ?? found
      this.checks.set(id, settled)
      return settled
    } finally {
      this.#path.pop()
    }
  }

  #checkInputs(id: NodeId): NodeCheck {
    const node = this.#graph[id] ?? {}
    if (!('inputs' in node)) throw new CheckError('KeyError', "'inputs'")
    if (!isJsonObject(node.inputs))
      throw new CheckError('TypeError', 'the inputs of a node must be a dictionary')
    const inputs: Record<string, JsonValue> = { ...node.inputs }
    this.converted.set(id, inputs)
    const embedded = this.#nodes.get(classOf(node))
    if (!embedded) throw new CheckError('KeyError', pythonRepr(node.class_type ?? null))
    const info = nodeInfo(embedded, this.#folders)
    const ownChecks = new Set(embedded.validate?.checks)
    let valid = true
    const faults: Fault[] = []
    for (const spec of inputSpecs(info)) {
      const found = this.#checkInput(spec, configOf(info, spec), inputs, ownChecks)
      valid &&= found === true
      if (typeof found === 'object') faults.push(found)
    }
    faults.push(...this.#ownFaults(embedded, inputs))
    return { valid: valid && faults.length === 0, faults }
  }

  /** True if the input is sound, false if the fault lies upstream and is filed there. */
  #checkInput(
    spec: InputSpec,
    config: JsonValue,
    inputs: Record<string, JsonValue>,
    ownChecks: ReadonlySet<string>,
  ): true | false | Fault {
    const { name } = spec
    if (!(name in inputs)) {
      return spec.required
        ? inputFault('required_input_missing', 'Required input is missing', name, name)
        : true
    }
    const value = inputs[name] ?? null
    if (isJsonArray(value)) return this.#checkLink(spec, config, value)
    // The way to pass a literal list: `{"__value__": [...]}`.
    const literal = isJsonObject(value) && '__value__' in value ? (value.__value__ ?? null) : value
    const checked = convertValue(spec, config, literal)
    if ('fault' in checked) return checked.fault
    inputs[name] = checked.value
    return ownChecks.has(name) ? true : (checkRange(spec, config, checked.value) ?? true)
  }

  #checkLink(spec: InputSpec, config: JsonValue, link: readonly JsonValue[]): true | false | Fault {
    const { name } = spec
    if (link.length !== 2) {
      return inputFault(
        'bad_linked_input',
        'Bad linked input, must be a length-2 list of [node_id, slot_index]',
        name,
        name,
        { input_config: config, received_value: link },
      )
    }
    const [from = null, slot = null] = link
    const received = this.#outputType(from, slot)
    const wanted = isJsonArray(config) ? (config[0] ?? null) : null
    if (!typesMatch(received, wanted)) {
      const details = `${name}, received_type(${pythonStr(received)}) mismatch input_type(${pythonStr(wanted)})`
      return inputFault('return_type_mismatch', 'Return type mismatch between linked nodes', details, name, {
        input_config: config,
        received_type: received,
        linked_node: link,
      })
    }
    // Only text finds a node, so it is text by now.
    const id = pythonStr(from)
    try {
      return this.check(id).valid
    } catch (error) {
      if (!(error instanceof CheckError)) throw error
      const fault = inputFault(
        'exception_during_inner_validation',
        'Exception when validating inner node',
        error.message,
        name,
        { input_config: config, exception_message: error.message, ...error.info, linked_node: link },
      )
      this.checks.set(id, { valid: false, faults: [fault] })
      return false
    }
  }

  /** The type of a node's output. Throws what Python would for a link to nowhere. */
  #outputType(from: JsonValue, slot: JsonValue): JsonValue {
    if (isJsonArray(from) || isJsonObject(from)) {
      throw new CheckError('TypeError', `unhashable type: '${isJsonArray(from) ? 'list' : 'dict'}'`)
    }
    // Ids are text: a link that names node 4 by the number 4 finds nothing.
    const node = typeof from === 'string' ? this.#graph[from] : undefined
    const embedded = node && this.#nodes.get(classOf(node))
    if (!embedded) throw new CheckError('KeyError', pythonRepr(from))
    if (typeof slot !== 'number' || !Number.isInteger(slot)) {
      throw new CheckError('TypeError', 'tuple indices must be integers or slices, not str')
    }
    const type = nodeInfo(embedded, this.#folders).output.at(slot)
    if (type === undefined) throw new CheckError('IndexError', 'tuple index out of range')
    return type
  }

  #ownFaults({ validate }: EmbeddedNode, inputs: JsonObject): Fault[] {
    if (!validate || validate.checks.some((name) => isLink(inputs[name]))) return []
    const reason = validate.run(inputs, this.#folders)
    if (reason === undefined) return []
    const name = validate.checks[0] ?? ''
    return [
      inputFault(
        'custom_validation_failed',
        'Custom validation failed for node',
        `${name} - ${reason}`,
        name,
      ),
    ]
  }

  #cycle(id: NodeId): NodeCheck {
    const cycle = this.#path.slice(this.#path.indexOf(id))
    const details = [...cycle, id].map((node) => `${node} (${classOf(this.#graph[node])})`)
    for (const node of cycle) {
      const fault: Fault = {
        type: 'dependency_cycle',
        message: 'Dependency cycle detected',
        details: details.join(' -> '),
        extra_info: { node_id: node, cycle_nodes: cycle },
      }
      this.checks.set(node, { valid: false, faults: [fault] })
    }
    return { valid: false, faults: [] }
  }
}

function configOf(info: NodeClass, { name }: InputSpec): JsonValue {
  return info.input.required?.[name] ?? info.input.optional?.[name] ?? null
}
