import type { BinaryFrame } from '../protocol/frames.ts'
import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts'
import { isBlockedError, nodeFailure, type SocketMessage } from '../protocol/messages.ts'
import { secondsBetween, timestampOf } from '../protocol/server-time.ts'
import type { PromptListener, SocketImage } from './prompt-events.ts'

/**
 * What a message means for the end of its prompt. `ended`: the server's record exists now. `ending`: it is
 * about to be written (`execution_success` comes before the history entry, `executing{node:null}` after it).
 */
export type EndSignal = 'none' | 'ending' | 'ended'

/** The classes whose images leave by the socket only and are results, not previews. */
const socketOutputClasses = new Set(['SaveImageWebsocket'])

/** Nodes made at run time, and blocked ones, that are remembered: a server could name new ones for ever. */
const mostExpanded = 100_000
const mostBlocked = 100
/** Results that come over the socket are held in memory until the job has ended. */
const mostImageBytes = 2 ** 30

/** Whether a graph has results that come over the socket only. */
export function hasSocketOutputs(graph: ApiGraph): boolean {
  return Object.values(graph).some(({ class_type }) => socketOutputClasses.has(class_type))
}

/**
 * Follows one prompt through the messages of a socket: a pure state machine. It knows what the server is
 * doing, never how the prompt ended: that is decided by the server's record alone.
 */
export class Follower {
  /** Results that came over the socket, in order. */
  readonly socketImages: SocketImage[] = []
  /** How many results were let go, as there were too many to hold. */
  droppedImages = 0
  /** Messages of nodes that were blocked (ExecutionBlocker); the prompt goes on without them. */
  readonly blocked: string[] = []
  readonly #graph: ApiGraph
  #imageBytes = 0
  readonly #emit: PromptListener
  readonly #finished = new Set<NodeId>()
  /** Ids made at run time (subgraph expansion), and the node of the graph that they are shown as. */
  readonly #shownAs = new Map<NodeId, NodeId>()
  #started = false
  /** By the server's clock, in milliseconds. */
  #startedAt: number | undefined
  #endedAt: number | undefined
  #hasFailed = false
  #current: NodeId | undefined
  /** True once the server sends `progress_state` (0.3.45): it tells when nodes end, also concurrent ones. */
  #hasNodeStates = false

  constructor(graph: ApiGraph, emit: PromptListener) {
    this.#graph = graph
    this.#emit = emit
  }

  /** Whether a message told of a failure or an interruption: then its end is no success. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Whether the server has begun to work on the prompt. */
  get started(): boolean {
    return this.#started
  }

  /** How long the server worked on the prompt, by its own clock; undefined if its messages did not say. */
  get seconds(): number | undefined {
    return secondsBetween(this.#startedAt, this.#endedAt)
  }

  /** Takes a text message that belongs to this prompt. */
  message({ type, data }: SocketMessage): EndSignal {
    switch (type) {
      case 'execution_start':
        this.#startedAt = timestampOf(data)
        this.start()
        return 'none'
      case 'execution_cached':
        this.#cached(data.nodes)
        return 'none'
      case 'executing':
        return this.#executing(data)
      case 'progress_state':
        this.#nodeStates(data.nodes)
        return 'none'
      case 'progress':
        this.#progress(data)
        return 'none'
      case 'execution_success':
        this.#endedAt = timestampOf(data)
        this.#finishCurrent()
        return 'ending'
      case 'execution_error':
        return this.#failed(data)
      case 'execution_interrupted':
        this.#hasFailed = true
        return 'ending'
      default:
        // `executed` tells nothing that the record will not tell for certain; the rest is not about a prompt.
        return 'none'
    }
  }

  /** Takes an image or text that belongs to this prompt; a type 1 image belongs to the node that runs. */
  frame(frame: BinaryFrame): void {
    if (frame.kind === 'text') {
      const node = this.#shown(frame.node)
      if (Object.hasOwn(this.#graph, node)) this.#emit({ type: 'text', node, text: frame.text })
      return
    }
    const node = frame.kind === 'image-with-metadata' ? this.#shown(frame.node) : this.#current
    if (node === undefined) return
    const image: SocketImage = { node, format: frame.format, bytes: frame.image }
    const isResult = frame.format === 'png' && socketOutputClasses.has(this.#graph[node]?.class_type ?? '')
    if (isResult) this.#keep(image)
    else this.#emit({ type: 'preview', node, image })
  }

  /** The server has begun to work on the prompt. */
  start(): void {
    if (this.#started) return
    this.#started = true
    this.#emit({ type: 'started' })
  }

  #keep(image: SocketImage): void {
    this.#imageBytes += image.bytes.length
    if (this.#imageBytes <= mostImageBytes) this.socketImages.push(image)
    else this.droppedImages += 1
  }

  #cached(nodes: JsonValue | undefined): void {
    this.start()
    const cached = isJsonArray(nodes)
      ? nodes.map(String).filter((node) => Object.hasOwn(this.#graph, node))
      : []
    for (const node of cached) this.#finished.add(node)
    if (cached.length > 0) this.#emit({ type: 'cached', nodes: cached })
  }

  #executing(data: JsonObject): EndSignal {
    this.start()
    if (data.node === null) {
      this.#finishCurrent()
      return 'ended'
    }
    const node = idOf(data.node)
    if (node === undefined) return 'none'
    const display = idOf(data.display_node)
    this.#expanded(node, display)
    this.#enter(this.#shown(node))
    return 'none'
  }

  /** On servers without node states, a node is done when the next one begins. */
  #enter(node: NodeId): void {
    if (this.#current === node) return
    if (!this.#hasNodeStates) this.#finishCurrent()
    this.#current = node
    if (Object.hasOwn(this.#graph, node)) this.#emit({ type: 'node-started', node })
  }

  #finishCurrent(): void {
    if (this.#current !== undefined) this.#finish(this.#current)
    this.#current = undefined
  }

  #finish(node: NodeId): void {
    if (this.#finished.has(node) || !Object.hasOwn(this.#graph, node)) return
    this.#finished.add(node)
    this.#emit({ type: 'node-finished', node })
  }

  /** The message repeats every node so far; only nodes of the graph itself count. */
  #nodeStates(nodes: JsonValue | undefined): void {
    this.start()
    this.#hasNodeStates = true
    if (!isJsonObject(nodes)) return
    for (const [node, state] of Object.entries(nodes)) {
      if (!isJsonObject(state)) continue
      const display = idOf(state.display_node_id)
      this.#expanded(node, display)
      if (state.state === 'finished') this.#finish(node)
    }
  }

  #progress(data: JsonObject): void {
    const node = idOf(data.node)
    const shown = node === undefined ? this.#current : this.#shown(node)
    if (shown === undefined || typeof data.value !== 'number' || typeof data.max !== 'number') return
    this.#emit({ type: 'step', node: shown, step: data.value, steps: data.max })
  }

  #failed(data: JsonObject): EndSignal {
    if (!isBlockedError(data)) {
      this.#hasFailed = true
      return 'ending'
    }
    const { node, message } = nodeFailure(data)
    if (this.blocked.length < mostBlocked) this.blocked.push(message)
    this.#emit({ type: 'warning', message: `node ${node} was blocked: ${message}` })
    return 'none'
  }

  #expanded(node: NodeId, display: NodeId | undefined): void {
    if (display === undefined || display === node || this.#shownAs.size >= mostExpanded) return
    this.#shownAs.set(node, display)
  }

  /** The node of the graph that an id stands for: itself, or the one whose expansion made it. */
  #shown(node: NodeId): NodeId {
    return Object.hasOwn(this.#graph, node) ? node : (this.#shownAs.get(node) ?? node)
  }
}

function idOf(value: JsonValue | undefined): NodeId | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}
