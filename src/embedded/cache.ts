import { createHash } from 'node:crypto'
import { isLink, type ApiGraph, type NodeId } from '../protocol/graph.ts'
import { isJsonArray, type JsonObject, type JsonValue } from '../protocol/json.ts'
import type { EmbeddedNode, Folders } from './node.ts'
import { nodeInfo } from './node-info.ts'
import { writePython } from './python-json.ts'

/** What a node gave back, kept for the next prompt. */
export interface CachedResult {
  readonly outputs: readonly unknown[]
  readonly ui: JsonObject | undefined
}

/**
 * Results of nodes by what they were made of. Only what the newest prompt uses survives: as soon as one of its
 * nodes has ended, the rest is dropped (`keepOnly`), as ComfyUI does on machines with up to 128 GB of memory.
 */
export class Cache {
  readonly #results = new Map<string, CachedResult>()

  get(key: string | undefined): CachedResult | undefined {
    return key === undefined ? undefined : this.#results.get(key)
  }

  set(key: string | undefined, result: CachedResult): void {
    if (key !== undefined) this.#results.set(key, result)
  }

  keepOnly(keys: ReadonlySet<string | undefined>): void {
    for (const key of this.#results.keys()) {
      if (!keys.has(key)) this.#results.delete(key)
    }
  }

  clear(): void {
    this.#results.clear()
  }
}

/**
 * The cache keys of a graph's nodes: class, values and, through the links, everything upstream. Node ids do not
 * count, so two equal nodes share a result. A node with a missing or circular ancestor has no key.
 */
export function cacheKeys(
  graph: ApiGraph,
  nodes: ReadonlyMap<string, EmbeddedNode>,
  folders: Folders,
): ReadonlyMap<NodeId, string | undefined> {
  const keys = new Map<NodeId, string | undefined>()
  for (const id of Object.keys(graph)) keyOf(id)
  return keys

  function keyOf(id: NodeId): string | undefined {
    if (keys.has(id)) return keys.get(id)
    // Meets itself again only in a cycle.
    keys.set(id, undefined)
    const key = signature(id)
    keys.set(id, key)
    return key
  }

  function signature(id: NodeId): string | undefined {
    const node = graph[id]
    const embedded = node && nodes.get(node.class_type)
    if (!embedded) return undefined
    const parts: JsonValue[] = [node.class_type, fingerprint(embedded, node.inputs, folders) ?? null]
    if (Object.values(nodeInfo(embedded, folders).input.hidden ?? {}).some(isUniqueId)) parts.push(id)
    for (const [name, value] of Object.entries(node.inputs).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!isLink(value)) parts.push([name, value])
      else {
        const upstream = keyOf(value[0])
        if (upstream === undefined) return undefined
        parts.push([name, 'link', upstream, value[1]])
      }
    }
    return createHash('sha256').update(writePython(parts)).digest('base64')
  }
}

function fingerprint(node: EmbeddedNode, inputs: JsonObject, folders: Folders): string | undefined {
  const literals = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isLink(value)))
  try {
    return node.fingerprint?.(literals, folders)
  } catch {
    // Python counts a fingerprint that cannot be taken as always changed.
    return String(Math.random())
  }
}

function isUniqueId(hidden: JsonValue): boolean {
  return hidden === 'UNIQUE_ID' || (isJsonArray(hidden) && hidden[0] === 'UNIQUE_ID')
}
