import type { NodeId } from '../protocol/graph.ts'

/** What happens to one prompt on its way through a server, as far as the server tells. */
export type PromptEvent =
  /** `ahead` prompts will run before it, the running one included. */
  | { readonly type: 'queued'; readonly ahead: number }
  | { readonly type: 'started' }
  | { readonly type: 'cached'; readonly nodes: readonly NodeId[] }
  | { readonly type: 'node-started'; readonly node: NodeId }
  | { readonly type: 'node-finished'; readonly node: NodeId }
  | { readonly type: 'step'; readonly node: NodeId; readonly step: number; readonly steps: number }
  | { readonly type: 'text'; readonly node: NodeId; readonly text: string }
  | { readonly type: 'preview'; readonly node: NodeId; readonly image: SocketImage }
  /**
   * The server is done with it, as far as its messages tell; its record is still to be read. Not told of failures.
   * `seconds` is how long it took the server, by its own clock, which counts milliseconds: undefined if it did not say.
   */
  | { readonly type: 'ended'; readonly seconds?: number }
  | { readonly type: 'warning'; readonly message: string }

/** Receives the events of one prompt. Called between two socket frames: it must return quickly and not throw. */
export type PromptListener = (event: PromptEvent) => void

/** An image that came over the socket: a latent preview, or a result of SaveImageWebsocket. */
export interface SocketImage {
  readonly node: NodeId
  readonly format: 'jpeg' | 'png'
  readonly bytes: Uint8Array
}
