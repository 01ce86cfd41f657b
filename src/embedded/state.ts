import type { Cache } from './cache.ts'
import type { History } from './history.ts'
import type { EmbeddedNode, Folders } from './node.ts'
import type { Queue } from './queue.ts'
import type { Worker } from './worker.ts'

/** The parts of one server that its routes work with. */
export interface ServerState {
  readonly nodes: ReadonlyMap<string, EmbeddedNode>
  readonly folders: Folders
  readonly queue: Queue
  readonly history: History
  readonly worker: Worker
  readonly cache: Cache
  /** The number that the next prompt gets; counts refused ones too. */
  nextNumber: number
}
