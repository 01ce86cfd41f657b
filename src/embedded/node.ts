import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import type { JsonObject, JsonValue } from '../protocol/json.ts'
import type { NodeClass } from '../protocol/object-info.ts'

/** The server's three folders, as absolute paths. */
export interface Folders {
  readonly input: string
  readonly output: string
  /** Emptied when the server starts and stops. */
  readonly temp: string
}

/** What a node may use while it runs. */
export interface NodeContext {
  readonly nodeId: NodeId
  /** The whole graph, after the server converted its values. Save nodes put it into their files. */
  readonly graph: ApiGraph
  /** `extra_data.extra_pnginfo`: each entry becomes a text chunk of a saved PNG. */
  readonly extraPnginfo: JsonObject
  readonly folders: Folders
  /**
   * A step is done. `preview` makes the bytes of a JPEG and is only called if somebody looks. Resolves when the
   * step's time has passed; rejects with `Interrupted` if the prompt was stopped.
   */
  progress(step: number, steps: number, preview?: () => Promise<Buffer>): Promise<void>
  /** Sends a full-size PNG over the socket (SaveImageWebsocket). */
  sendImage(png: Buffer): void
}

/** What a node gives back. */
export interface NodeResult {
  /** One value for each output of the class. Values are opaque to the server: only nodes look into them. */
  readonly outputs: readonly unknown[]
  /** What the page shows, e.g. `{images: [{filename, subfolder, type}]}`; becomes `executed` and history. */
  readonly ui?: JsonObject
}

/** A node class of the embedded server. */
export interface EmbeddedNode {
  /** Its entry in `GET /object_info`; a function if the options depend on the folders (files to load). */
  readonly info: NodeClass | ((folders: Folders) => NodeClass)
  /**
   * Checks of its own before the prompt is queued, beyond types, ranges and lists. A text is the reason for
   * `custom_validation_failed`. A class with this check has its COMBO lists left unchecked for the inputs named in
   * `checks` (ComfyUI's VALIDATE_INPUTS).
   */
  readonly validate?: {
    readonly checks: readonly string[]
    run(inputs: Readonly<Record<string, JsonValue>>, folders: Folders): string | undefined
  }
  /** Part of the cache key beyond the inputs: e.g. a hash of the file to load (ComfyUI's IS_CHANGED). */
  readonly fingerprint?: (inputs: Readonly<Record<string, JsonValue>>, folders: Folders) => string
  /** Runs with its inputs by name: links are replaced by the linked outputs. Throws `NodeError`. */
  run(inputs: Readonly<Record<string, unknown>>, context: NodeContext): NodeResult | Promise<NodeResult>
}

/** A node fails: becomes `execution_error` with Python's name for the exception. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly exceptionType: string

  /** `exceptionType` as ComfyUI would send it, e.g. `PIL.UnidentifiedImageError` or `RuntimeError`. */
  constructor(exceptionType: string, message: string) {
    super(message)
    this.exceptionType = exceptionType
  }
}

/** The running prompt was stopped by `POST /interrupt` or the jobs API. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
