import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import { isJsonObject, type JsonValue } from '../protocol/json.ts'
import type { ImageFormat } from '../protocol/frames.ts'
import type { Broadcast } from './broadcast.ts'
import type { Interruption } from './interruption.ts'
import { clientOf, type QueueItem } from './item.ts'
import type { Folders, NodeContext } from './node.ts'
import type { Progress } from './progress.ts'
import type { Sockets } from './sockets.ts'

/** A step that a node has done. */
export interface Step {
  readonly promptId: string
  readonly node: NodeId
  /** Counted as the node counts: samplers from 1. */
  readonly step: number
  readonly steps: number
}

/** What the steps of a run are made with. */
export interface StepOptions {
  /** How long each step takes. */
  readonly stepMilliseconds: number
  /** The shortest time between two previews of a node: making one costs more than a rehearsed step. Infinity: none. */
  readonly previewMilliseconds: number
  /** Called after a step's events were sent; the run goes on when it resolves, or the prompt is stopped. */
  readonly onStep?: ((step: Step) => Promise<void> | void) | undefined
}

interface Surroundings {
  readonly item: QueueItem
  readonly folders: Folders
  readonly sockets: Sockets
  readonly broadcast: Broadcast
  readonly progress: Progress
  readonly interruption: Interruption
  readonly options: StepOptions
}

/** The context of one node in one run: its steps and images go out to the sockets. */
export class EmbeddedContext implements NodeContext {
  readonly nodeId: NodeId
  readonly graph: ApiGraph
  readonly extraPnginfo: NodeContext['extraPnginfo']
  readonly folders: Folders
  readonly #around: Surroundings
  readonly #client: JsonValue | undefined
  /** A PNG that goes out with the next step. */
  #image: Buffer | undefined
  #previewedAt = -Infinity

  constructor(nodeId: NodeId, around: Surroundings) {
    const { graph, extraData } = around.item
    this.nodeId = nodeId
    this.graph = graph
    this.extraPnginfo = isJsonObject(extraData.extra_pnginfo) ? extraData.extra_pnginfo : {}
    this.folders = around.folders
    this.#around = around
    this.#client = clientOf(around.item)
  }

  async progress(step: number, steps: number, preview?: () => Promise<Buffer>): Promise<void> {
    const { item, broadcast, progress, interruption, options } = this.#around
    await interruption.wait(options.stepMilliseconds)
    progress.update(this.nodeId, step, steps)
    broadcast.toClientOrAll('progress_state', progress.data())
    const image = await this.#nextImage(preview)
    // The order on the wire: a frame with metadata comes before `progress`, one without comes after it.
    if (image && this.#wantsMetadata()) this.#send(image)
    const data = { value: step, max: steps, prompt_id: item.promptId, node: this.nodeId }
    broadcast.toClientOrAll('progress', data)
    if (image && !this.#wantsMetadata()) this.#send(image)
    await interruption.during(options.onStep?.({ promptId: item.promptId, node: this.nodeId, step, steps }))
    // Lets requests in between two steps.
    await nextTurn()
    interruption.check()
  }

  sendImage(png: Buffer): void {
    this.flush()
    this.#image = png
  }

  /** Sends an image that no step followed. */
  flush(): void {
    if (this.#image) this.#send({ format: 'png', bytes: this.#image })
    this.#image = undefined
  }

  async #nextImage(
    preview: (() => Promise<Buffer>) | undefined,
  ): Promise<{ format: ImageFormat; bytes: Buffer } | undefined> {
    const { item, sockets, options } = this.#around
    const png = this.#image
    this.#image = undefined
    if (png) return { format: 'png', bytes: png }
    const { previewMilliseconds } = options
    const isWanted =
      previewMilliseconds < Infinity &&
      item.extraData.preview_method !== 'none' &&
      sockets.isHeard(this.#client)
    const now = performance.now()
    if (!preview || !isWanted || now - this.#previewedAt < previewMilliseconds) return undefined
    this.#previewedAt = now
    return { format: 'jpeg', bytes: await preview() }
  }

  #wantsMetadata(): boolean {
    return this.#around.sockets.wantsMetadata(this.#client)
  }

  #send({ format, bytes }: { format: ImageFormat; bytes: Buffer }): void {
    const { sockets, progress } = this.#around
    if (!this.#wantsMetadata()) sockets.sendImage(format, bytes, this.#client)
    else {
      const metadata = { ...progress.metadata(this.nodeId), image_type: `image/${format}` }
      sockets.sendImageWithMetadata(metadata, bytes, this.#client)
    }
  }
}
