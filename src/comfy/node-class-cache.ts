import type { NodeClass } from '../protocol/object-info.ts'
import type { Access } from './access.ts'
import { fetchNodeClass } from './node-classes.ts'

/** The node classes of a server: each is asked for when it is first wanted, and once. */
export class NodeClassCache {
  readonly #access: Access
  readonly #classes = new Map<string, Promise<NodeClass | undefined>>()

  constructor(access: Access) {
    this.#access = access
  }

  /** A class, or undefined if the server does not have it. Throws `server-unreachable`, `server-refused`. */
  async get(classType: string): Promise<NodeClass | undefined> {
    let found = this.#classes.get(classType)
    if (!found) {
      found = fetchNodeClass(this.#access, classType)
      this.#classes.set(classType, found)
      // A question that failed may be asked again.
      found.catch(() => this.#classes.delete(classType))
    }
    return found
  }

  /** Forgets them: the server may have others now. */
  clear(): void {
    this.#classes.clear()
  }
}
