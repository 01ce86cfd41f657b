import type { NodeClassCache } from '../comfy/node-class-cache.ts'
import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import type { ClassSource } from '../plan/job-graph-check.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'
import type { ServerClasses } from '../workflow/check/several-servers.ts'
import type { Workflow } from '../workflow/workflow.ts'

/** What asking servers for their classes came to. */
export interface ServerClassSource {
  readonly classesFor: ClassSource
  /** Servers that could not be asked, and why. */
  readonly silent: readonly ComfyRunError[]
}

/**
 * Asks servers for the node classes of workflows: each for each class once, as a whole answer to `GET /object_info` can
 * be tens of MB (pitfall 51). For those of `expected` it is asked at once, as they will be wanted. A server that can't be
 * asked is left out: the run itself will say so.
 */
export async function withServerClasses<T>(
  { servers, expected }: { readonly servers: readonly ServerAccess[]; readonly expected?: Workflow },
  use: (source: ServerClassSource) => Promise<T>,
): Promise<T> {
  const [{ closeAccess, openAccess }, { NodeClassCache: Cache }, { fetchObjectInfo }] = await Promise.all([
    import('../comfy/access.ts'),
    import('../comfy/node-class-cache.ts'),
    import('../comfy/node-classes.ts'),
  ])
  const silent: ComfyRunError[] = []
  const accesses = servers.map(openAccess)
  const asked = accesses.map(
    (access) => new AskedServer(access.address.name, new Cache(access), async () => fetchObjectInfo(access)),
  )
  if (expected) for (const server of asked) server.expect(classTypes(expected))
  const classesFor: ClassSource = async (workflow) => {
    const wanted = classTypes(workflow)
    const found = await Promise.all(
      asked.map(async (server): Promise<ServerClasses[]> => {
        if (server.isSilent) return []
        try {
          return [await server.classes(wanted)]
        } catch (error) {
          if (!(error instanceof ComfyRunError)) throw error
          server.isSilent = true
          silent.push(error)
          return []
        }
      }),
    )
    return found.flat()
  }
  try {
    return await use({ classesFor, silent })
  } finally {
    await Promise.all(accesses.map(closeAccess))
  }
}

function classTypes(workflow: Workflow): string[] {
  return [...new Set(Array.from(workflow.nodes.values(), ({ classType }) => classType))]
}

class AskedServer {
  isSilent = false
  readonly #name: string
  readonly #classes: NodeClassCache
  readonly #fetchAll: () => Promise<ObjectInfo>
  #all: Promise<ObjectInfo> | undefined

  constructor(name: string, classes: NodeClassCache, fetchAll: () => Promise<ObjectInfo>) {
    this.#name = name
    this.#classes = classes
    this.#fetchAll = fetchAll
  }

  /** Asks for classes ahead. What goes wrong is told to whoever wants them. */
  expect(wanted: readonly string[]): void {
    for (const name of wanted) this.#classes.get(name).catch(() => {})
  }

  async classes(wanted: readonly string[]): Promise<ServerClasses> {
    const entries = await Promise.all(
      wanted.map(async (name) => [name, await this.#classes.get(name)] as const),
    )
    const isComplete = entries.every(([, found]) => found)
    // The names of all classes are only needed to say which of them was meant.
    const objectInfo = isComplete
      ? (Object.fromEntries(entries) as ObjectInfo)
      : await (this.#all ??= this.#fetchAll())
    return { objectInfo, isLive: true, source: this.#name }
  }
}
