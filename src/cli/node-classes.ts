import { ComfyRunError } from '../errors.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'
import type { LoadOptions } from '../workflow/load.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import type { ServerOptions } from './options/server-options.ts'
import { withAccesses } from './with-accesses.ts'

/** What says where node classes come from. */
export type NodeClassFlags = ServerOptions & ObjectInfoFlags

const known = new WeakMap<NodeClassFlags, LoadOptions>()

/**
 * How workflows are loaded for one command. Node classes are those of the file of `--object-info`, else those of the
 * first of its servers that answers. They are read when they are wanted, and once; whoever wants them may get what
 * `loadObjectInfo` throws, `server-unreachable`, `server-refused`, `not-comfyui`, `bad-server-url`.
 */
export function loadOptions(flags: NodeClassFlags): LoadOptions {
  let options = known.get(flags)
  if (!options) {
    let classes: Promise<ObjectInfo> | undefined
    options = {
      nodeClasses: async () => (classes ??= readNodeClasses(flags)),
      areClassesAtHand: flags.objectInfo !== undefined,
    }
    known.set(flags, options)
  }
  return options
}

async function readNodeClasses(flags: NodeClassFlags): Promise<ObjectInfo> {
  if (flags.objectInfo !== undefined) {
    const { loadObjectInfo } = await import('../workflow/object-info-file.ts')
    return loadObjectInfo(flags.objectInfo)
  }
  const { fetchObjectInfo } = await import('../comfy/node-classes.ts')
  try {
    return await withAccesses(flags, async ([first, ...others]) => {
      if (!first)
        throw new ComfyRunError('bad-option', 'no server is named', { hint: 'name one with --server' })
      let answer = fetchObjectInfo(first)
      for (const access of others) answer = answer.catch(async () => fetchObjectInfo(access))
      return answer
    })
  } catch (error) {
    throw error instanceof ComfyRunError ? whatFor(error) : error
  }
}

/** A server that does not answer is told of with what it was asked for, as no job has been planned yet. */
function whatFor({ code, message, hint, details, where, cause }: ComfyRunError): ComfyRunError {
  const instead =
    "node classes are needed for a workflow in the page's own format; --object-info FILE has them, too"
  return new ComfyRunError(code, message, {
    hint: hint === undefined ? instead : `${hint}\n${instead}`,
    details,
    where,
    cause,
  })
}
