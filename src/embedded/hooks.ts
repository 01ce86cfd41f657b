import type { WebSocket } from 'ws'
import type { ApiNode, NodeId } from '../protocol/graph.ts'
import type { JsonValue } from '../protocol/json.ts'
import type { Answer } from './answer.ts'
import type { Outcome, QueueItem } from './item.ts'
import type { NodeResult } from './node.ts'
import type { Step } from './node-context.ts'
import type { Writable } from './python-json.ts'
import type { Asked } from './router.ts'

/** Something to be sent over sockets. */
export interface Outgoing {
  /** Whose it is; undefined for everybody. */
  readonly client: JsonValue | undefined
  /** A message; or a text or binary frame as it stands. */
  readonly content: OutgoingMessage | string | Buffer
}

export interface OutgoingMessage {
  readonly type: string
  readonly data: { readonly [key: string]: Writable }
}

/** A node that is about to run. */
export interface NodeCall {
  readonly item: QueueItem
  readonly id: NodeId
  readonly node: ApiNode
}

/** Handles a request as ComfyUI does. */
export type Handle = (asked: Asked) => Promise<Answer>

/**
 * The moments at which something else may happen than in ComfyUI: where faults come in. The server calls them, and
 * knows nothing of faults besides.
 */
export interface Hooks {
  /** A request has arrived. */
  request(asked: Asked, handle: Handle): Promise<Answer>
  /** Somebody wants a WebSocket: what the request is taken for, or the status that refuses it. */
  upgrade(asked: Asked): Asked | number
  /** A WebSocket was opened. */
  opened(socket: WebSocket): void
  /** Something is about to be sent: what goes out instead, in order. */
  send(outgoing: Outgoing): readonly Outgoing[]
  /** A prompt was taken from the queue; it runs as soon as this resolves. */
  begin(item: QueueItem): Promise<void>
  /** A node is about to run; a result stands in for it. What this throws is the node's failure. */
  node(call: NodeCall): Promise<NodeResult | undefined>
  /** A step's events were sent; the prompt goes on when this resolves. */
  step(step: Step): Promise<void>
  /** A prompt has run: the outcome for the history, which is not written before this resolves. */
  end(item: QueueItem, outcome: Outcome): Promise<Outcome>
  /** The history knows of the prompt; its client was not told yet. */
  recorded(item: QueueItem): void
}

/** Nothing but what ComfyUI does. */
export const noHooks: Hooks = {
  request: async (asked, handle) => handle(asked),
  upgrade: (asked) => asked,
  opened() {},
  send: (outgoing) => [outgoing],
  async begin() {},
  async node() {
    return undefined
  },
  async step() {},
  end: async (_, outcome) => outcome,
  recorded() {},
}
