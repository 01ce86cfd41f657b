import { ComfyRunError } from '../errors.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'
import type { NodeClassSource } from '../workflow/load.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import type { ServerOptions } from './options/server-options.ts'
import { withAccesses } from './with-accesses.ts'

/** What says where node classes come from. */
export type NodeClassFlags = ServerOptions & ObjectInfoFlags

const sources = new WeakMap<NodeClassFlags, NodeClassSource>()

/**
 * The node classes for one command: those of the file of `--object-info`, else those of the first of its servers that
 * answers. They are read when they are wanted, and once. Throws what `loadObjectInfo` throws, `server-unreachable`,
 * `server-refused`, `not-comfyui`, `bad-server-url`.
 */
export function nodeClassesFor(flags: NodeClassFlags): NodeClassSource {
  const known = sources.get(flags)
  if (known) return known
  let classes: Promise<ObjectInfo> | undefined
  const source: NodeClassSource = async () => (classes ??= readNodeClasses(flags))
  sources.set(flags, source)
  return source
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
