import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import { isRehearsal, type ServerOptions } from './options/server-options.ts'
import { withServers } from './with-servers.ts'

/** The node classes of one server. */
export interface KnownClasses {
  readonly objectInfo: ObjectInfo
  /** Whether the server was asked just now. */
  readonly isLive: boolean
  /** The file, or the server's address without credentials. */
  readonly source: string
}

/**
 * The node classes that a command checks against: those of the file of `--object-info`, else all of each server. Throws
 * what `loadObjectInfo` throws, `server-unreachable`, `server-refused`, `not-comfyui`, `bad-server-url`.
 */
export async function knownClasses(flags: ServerOptions & ObjectInfoFlags): Promise<KnownClasses[]> {
  if (flags.objectInfo !== undefined) {
    const { loadObjectInfo } = await import('../workflow/object-info-file.ts')
    return [{ objectInfo: await loadObjectInfo(flags.objectInfo), isLive: false, source: flags.objectInfo }]
  }
  const found = await withServers(flags, async (servers) => Promise.all(servers.map(classesOf)))
  return isRehearsal(flags) ? found.map((each) => ({ ...each, source: 'the embedded server' })) : found
}

async function classesOf(server: ServerAccess): Promise<KnownClasses> {
  const { openAccess } = await import('../comfy/access.ts')
  const { fetchObjectInfo } = await import('../comfy/node-classes.ts')
  const access = openAccess(server)
  try {
    return { objectInfo: await fetchObjectInfo(access), isLive: true, source: access.address.name }
  } finally {
    await access.dispatcher.destroy()
  }
}
