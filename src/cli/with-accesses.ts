import type { Access } from '../comfy/access.ts'
import type { ServerOptions } from './options/server-options.ts'
import { withServers } from './with-servers.ts'

/** Opens a way to each server that the options name, for questions only, and closes it again. */
export async function withAccesses<T>(
  flags: ServerOptions,
  use: (accesses: readonly Access[]) => Promise<T>,
): Promise<T> {
  const { closeAccess, openAccess } = await import('../comfy/access.ts')
  return withServers(flags, { isRun: false }, async (servers) => {
    const accesses = servers.map(openAccess)
    try {
      return await use(accesses)
    } finally {
      await Promise.all(accesses.map(closeAccess))
    }
  })
}
