import type { JsonValue } from '../../protocol/json.ts'
import { nodeClassNamed, type NodeClass, type ObjectInfo } from '../../protocol/object-info.ts'
import { browserRole, type BrowserRole } from './browser-nodes.ts'
import { classSockets, subgraphSockets, type Socket } from './sockets.ts'
import type { UiNode, UiSubgraph, UiWorkflow } from './ui-graph.ts'
import { readWidgets, type Widget } from './widgets.ts'

/** What a node is made of: its class, and what the file says of it. */
export interface NodeParts {
  readonly sockets: readonly Socket[]
  /** The types of its outputs. */
  readonly outputs: readonly string[]
  readonly widgets: readonly Widget[]
  /** What its title is if nobody gave it one. */
  readonly title: string
}

/** Knows the parts of every node of a workflow; each is worked out once, however many instances its graph has. */
export class Catalogue {
  readonly #workflow: UiWorkflow
  readonly #objectInfo: ObjectInfo
  readonly #parts = new Map<UiNode, NodeParts>()

  constructor(workflow: UiWorkflow, objectInfo: ObjectInfo) {
    this.#workflow = workflow
    this.#objectInfo = objectInfo
  }

  /** The subgraph that a node is an instance of. */
  subgraphOf({ type }: UiNode): UiSubgraph | undefined {
    return this.#workflow.subgraphs.get(type)
  }

  /** The server's class of a node. */
  classOf({ type }: UiNode): NodeClass | undefined {
    return nodeClassNamed(this.#objectInfo, type)
  }

  /** What a node does that only the page has. */
  roleOf(node: UiNode): BrowserRole | undefined {
    return this.classOf(node) ? undefined : browserRole(node.type)
  }

  /** The parts of a node. One that neither the server nor the file defines has the sockets that the file gives it. */
  parts(node: UiNode): NodeParts {
    const known = this.#parts.get(node)
    if (known) return known
    const parts = this.#describe(node)
    this.#parts.set(node, parts)
    return parts
  }

  /** What a widget of a node holds in the file. */
  widgetValue(node: UiNode, name: string): JsonValue | undefined {
    return this.parts(node).widgets.find((widget) => widget.name === name)?.value
  }

  #describe(node: UiNode): NodeParts {
    const subgraph = this.subgraphOf(node)
    if (subgraph) {
      return {
        sockets: subgraphSockets(node, subgraph),
        outputs: subgraph.outputs.map(({ type }) => type),
        widgets: [],
        title: subgraph.name,
      }
    }
    const nodeClass = this.classOf(node)
    if (!nodeClass) {
      return { sockets: node.inputs, outputs: node.outputs, widgets: [], title: node.type }
    }
    return {
      sockets: classSockets(node, nodeClass),
      outputs: nodeClass.output.map((type, slot) => {
        // What a type follows from is told by the file alone.
        if (type === 'COMFY_MATCHTYPE_V3') return node.outputs[slot] ?? '*'
        return typeof type === 'string' ? type : 'COMBO'
      }),
      widgets: readWidgets(node, nodeClass),
      title: nodeClass.display_name ?? nodeClass.name,
    }
  }
}
