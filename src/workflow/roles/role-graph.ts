import { isLink } from '../../protocol/graph.ts'
import { isJsonArray, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { nodeClassNamed, type NodeClass } from '../../protocol/object-info.ts'
import { hasInput, inputValue } from '../links.ts'
import { constant, passThrough } from '../pass-through.ts'
import type { InputRef, NodeId, Workflow, WorkflowNode } from '../workflow.ts'

/** A node that an input gets its value from, and by which of its outputs. */
export interface Source {
  readonly node: NodeId
  readonly slot: number
  readonly classType: string
  readonly inputs: JsonObject
}

/** An input that uses an output. */
export interface Use extends InputRef {
  readonly slot: number
}

/** Classes that put something out, as far as a name tells. */
const outputClass = /save|preview|output|display|show|compare|combine|send|export|upload/i

/**
 * A workflow as the finder of roles sees it: reroutes and constant switches are passed, and only what an output
 * needs is there. Node classes, where the workflow has them, say what an output is and what links carry; without
 * them names do.
 */
export class RoleGraph {
  readonly workflow: Workflow
  /** What the outputs need, themselves included, in the order of the file. */
  readonly reachable: ReadonlySet<NodeId>
  readonly outputs: readonly NodeId[]
  readonly #uses = new Map<NodeId, Use[]>()
  readonly #upstream = new Map<NodeId, ReadonlySet<NodeId>>()

  constructor(workflow: Workflow) {
    this.workflow = workflow
    this.outputs = this.#findOutputs()
    const reached = this.#reach(this.outputs)
    this.reachable = new Set([...workflow.nodes.keys()].filter((node) => reached.has(node)))
    for (const node of this.reachable) {
      for (const input of this.links(node)) {
        const source = this.source({ node, input })
        if (!source) continue
        const uses = this.#uses.get(source.node) ?? []
        this.#uses.set(source.node, uses)
        uses.push({ node, input, slot: source.slot })
      }
    }
  }

  /** The class of a node, if it is known. */
  classOf(node: NodeId): NodeClass | undefined {
    const { nodeClasses, nodes } = this.workflow
    return nodeClasses && nodeClassNamed(nodeClasses, nodes.get(node)?.classType ?? '')
  }

  /** The types of a node's outputs, e.g. `CONDITIONING`, if they are known. A broken pack may describe none. */
  outputTypes(node: NodeId): readonly JsonValue[] | undefined {
    const types: JsonValue | undefined = this.classOf(node)?.output
    return isJsonArray(types) ? types : undefined
  }

  /** What the class says of the inputs of a node, by name. */
  inputConfigs(node: NodeId): Readonly<Record<string, JsonValue | undefined>> {
    const { required, optional } = this.classOf(node)?.input ?? {}
    return { ...required, ...optional }
  }

  inputsOf(node: NodeId): JsonObject {
    return this.workflow.nodes.get(node)?.inputs ?? {}
  }

  /** The input at the end of reroutes and switches: a literal, or a link to a node that makes the value. */
  end(ref: InputRef): InputRef {
    return passThrough(this.workflow, ref)
  }

  /** The node that makes the value of an input. */
  source(ref: InputRef): Source | undefined {
    const link = inputValue(this.workflow, this.end(ref))
    const found = isLink(link) ? this.workflow.nodes.get(link[0]) : undefined
    if (!isLink(link) || !found) return undefined
    return { node: link[0], slot: link[1], classType: found.classType, inputs: found.inputs }
  }

  /** The inputs of a node that are links and that it uses: a node that is bypassed by a constant uses one. */
  links(node: NodeId): string[] {
    const inputs = this.inputsOf(node)
    const links = Object.keys(inputs).filter((input) => isLink(inputs[input]))
    if (!('bypass' in inputs) || constant(this.workflow, { node, input: 'bypass' }) !== true) return links
    const handedOn = ['latent', 'samples', 'image', 'images', 'model'].find((name) => links.includes(name))
    return handedOn === undefined ? links : [handedOn]
  }

  /** What uses the outputs of a node. */
  uses(node: NodeId): readonly Use[] {
    return this.#uses.get(node) ?? []
  }

  /** A node and all that it needs. */
  upstream(node: NodeId): ReadonlySet<NodeId> {
    const known = this.#upstream.get(node) ?? this.#reach([node])
    this.#upstream.set(node, known)
    return known
  }

  #reach(from: readonly NodeId[]): ReadonlySet<NodeId> {
    const reached = new Set<NodeId>()
    const waiting = [...from]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (reached.has(node)) continue
      reached.add(node)
      for (const input of this.links(node)) {
        const source = this.source({ node, input })
        if (source) waiting.push(source.node)
      }
    }
    return reached
  }

  #findOutputs(): NodeId[] {
    const used = new Set<NodeId>()
    for (const { inputs } of this.workflow.nodes.values()) {
      for (const value of Object.values(inputs)) if (isLink(value)) used.add(value[0])
    }
    const entries = Array.from(this.workflow.nodes)
    const saving = entries.filter(([id, node]) => this.#putsOut(id, node, used.has(id)))
    const last = saving.length > 0 ? saving : entries.filter(([id]) => !used.has(id))
    return last.map(([id]) => id)
  }

  #putsOut(id: NodeId, node: WorkflowNode, isUsed: boolean): boolean {
    const known = this.classOf(id)
    if (known) return known.output_node
    if (hasInput(node, 'filename_prefix') || /^(?:Save|Preview)/.test(node.classType)) return true
    return !isUsed && outputClass.test(node.classType)
  }
}
