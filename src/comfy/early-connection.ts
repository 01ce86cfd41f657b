import type { AccessOptions } from './access.ts'
import { Connection } from './connection.ts'

/** A connection that is begun before it is needed, as while a plan is being checked. It is used once. */
export class EarlyConnection {
  #connection: Connection | undefined

  /** Throws `bad-server-url`, `file-not-found`. */
  constructor(options: AccessOptions) {
    this.#connection = new Connection(options)
  }

  /** The connection, whose closing is the caller's; undefined if somebody has it. */
  take(): Connection | undefined {
    const connection = this.#connection
    this.#connection = undefined
    return connection
  }

  /** Closes the connection, unless somebody has it. */
  async close(): Promise<void> {
    await this.take()?.close()
  }
}
