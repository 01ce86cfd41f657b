import type { ServerClasses } from '../workflow/check/several-servers.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import { isRehearsal, type ServerOptions } from './options/server-options.ts'
import { withAccesses } from './with-accesses.ts'

/**
 * The node classes that a command checks against: those of the file of `--object-info`, else all of each server. Throws
 * what `loadObjectInfo` throws, `server-unreachable`, `server-refused`, `not-comfyui`, `bad-server-url`.
 */
export async function knownClasses(flags: ServerOptions & ObjectInfoFlags): Promise<ServerClasses[]> {
  if (flags.objectInfo !== undefined) {
    const { loadObjectInfo } = await import('../workflow/object-info-file.ts')
    return [{ objectInfo: await loadObjectInfo(flags.objectInfo), isLive: false, source: flags.objectInfo }]
  }
  const { fetchObjectInfo } = await import('../comfy/node-classes.ts')
  return withAccesses(flags, async (accesses) =>
    Promise.all(
      accesses.map(async (access) => ({
        objectInfo: await fetchObjectInfo(access),
        isLive: true,
        source: isRehearsal(flags) ? 'the embedded server' : access.address.name,
      })),
    ),
  )
}
