import type { EarlyConnection } from '../comfy/early-connection.ts'
import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import type { EmbeddedServer } from '../embedded/server.ts'
import { setV8Flags } from './v8-flags.ts'
import { embedded, serverAccesses, type ServerOptions } from './options/server-options.ts'

/**
 * Uses the servers that the options name. Embedded ones are started for it where they are wanted, and ended after it; with
 * `isRun` the others, which may be far away, are connected to while it is still being found out what to run.
 */
export async function withServers<T>(
  flags: ServerOptions,
  { isRun }: { readonly isRun: boolean },
  use: (servers: readonly ServerAccess[]) => Promise<T>,
): Promise<T> {
  // The parser of HTTP is WebAssembly. V8 would compile it a second time, to make it quicker than it needs to be: the process
  // waits for that at its end, for 40 ms, and it takes 30 MB.
  setV8Flags('--liftoff-only')
  const started: EmbeddedServer[] = []
  const begun: EarlyConnection[] = []
  try {
    const servers: ServerAccess[] = []
    for (const access of await serverAccesses(flags)) {
      if (access.url === embedded) {
        const { startEmbeddedServer } = await import('../embedded/server.ts')
        const server = await startEmbeddedServer()
        started.push(server)
        // Its folder is its own: what is named is another server's.
        const outputFolder = access.outputFolder === false ? false : undefined
        servers.push({ ...access, url: server.url, outputFolder })
      } else if (isRun) {
        const { EarlyConnection: Early } = await import('../comfy/early-connection.ts')
        const early = new Early(access)
        begun.push(early)
        servers.push({ ...access, early })
      } else servers.push(access)
    }
    return await use(servers)
  } finally {
    await Promise.all(begun.map(async (early) => early.close()))
    await Promise.all(started.map(async (server) => server.close()))
  }
}
