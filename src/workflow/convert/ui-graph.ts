import type { JsonArray, JsonObject } from '../../protocol/json.ts'

/** An input slot of a node as the page stores it. */
export interface UiInput {
  readonly name: string
  /** What the user called it. */
  readonly label?: string
  /** The type that it takes: one, several with commas, or `*`. */
  readonly type: string
  readonly link?: string
  /** The name of the widget that the slot stands for, if it is no mere socket. */
  readonly widget?: string
}

/** What the page does with a node when the graph is run. */
export type UiMode = 'active' | 'muted' | 'bypassed'

/** A node as the page stores it. Ids are texts, whatever the file has. */
export interface UiNode {
  readonly id: string
  /** The class, or the id of the subgraph that it is an instance of. */
  readonly type: string
  /** What the user called it. */
  readonly title?: string
  readonly mode: UiMode
  readonly inputs: readonly UiInput[]
  /** The types of its outputs. */
  readonly outputs: readonly string[]
  /** By position as a rule; by name for a few nodes that save themselves so. */
  readonly widgetsValues: JsonArray | JsonObject
  readonly properties: JsonObject
}

export interface UiLink {
  readonly origin: string
  readonly originSlot: number
  readonly target: string
  readonly targetSlot: number
}

/** Nodes and links, each by id. Links to and from the edge of a subgraph name `ioInput` and `ioOutput`. */
export interface UiGraph {
  readonly nodes: ReadonlyMap<string, UiNode>
  readonly links: ReadonlyMap<string, UiLink>
}

/** An input or output of a subgraph. */
export interface UiPort {
  readonly name: string
  readonly type: string
  readonly links: readonly string[]
}

/** A graph that nodes of other graphs are instances of. */
export interface UiSubgraph extends UiGraph {
  readonly id: string
  readonly name: string
  readonly inputs: readonly UiPort[]
  readonly outputs: readonly UiPort[]
}

/** What the page saves: a graph and the subgraphs that it uses, directly or not. */
export interface UiWorkflow {
  readonly root: UiGraph
  readonly subgraphs: ReadonlyMap<string, UiSubgraph>
}

/** The node that a subgraph's inputs come from. */
export const ioInput = '-10'

/** The node that a subgraph's outputs go to. */
export const ioOutput = '-20'
