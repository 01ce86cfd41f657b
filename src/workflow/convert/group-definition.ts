import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../../protocol/json.ts'
import { idText } from './id-text.ts'
import { readNode } from './read-ui-graph.ts'
import type { UiInput, UiLink, UiNode } from './ui-graph.ts'

/** What a group node is made of. The ids of its nodes are their places, from 0. */
export interface Group {
  readonly nodes: readonly UiNode[]
  /** The links between its nodes, by id. */
  readonly links: ReadonlyMap<string, UiLink>
  /** Outputs, as `node slot`, that are linked inside and shown outside as well. */
  readonly external: ReadonlySet<string>
  /** What the user has named or hidden: of an input by its name, of an output by its place. */
  readonly config: (node: UiNode, side: 'input' | 'output', key: string) => JsonObject | undefined
}

/** Reads an entry of `extra.groupNodes`. Undefined if it has no nodes. */
export function readGroup(value: JsonValue | undefined): Group | undefined {
  if (!isJsonObject(value) || !isJsonArray(value.nodes)) return undefined
  const links = new Map<string, UiLink>()
  for (const entry of listIn(value.links)) {
    const [origin, originSlot, target, targetSlot] = isJsonArray(entry) ? entry.map(Number) : []
    // A link that came from outside has no origin.
    if (!isJsonArray(entry) || entry[0] === null || targetSlot === undefined) continue
    const ends = { origin: String(origin), target: String(target) }
    links.set(String(links.size), { ...ends, originSlot: originSlot ?? 0, targetSlot })
  }
  const nodes = value.nodes.filter(isJsonObject).map((node, at) => readNode({ ...node, id: at }))
  const { config } = value
  return {
    nodes: nodes.flatMap((node) => (node ? [{ ...node, inputs: linkedInputs(node, links) }] : [])),
    links,
    external: new Set(listIn(value.external).map((entry) => listIn(entry).slice(0, 2).map(idText).join(' '))),
    config: (node, side, key) => objectIn(objectIn(objectIn(config, node.id), side), key),
  }
}

/** The links that the nodes themselves name are those of the graph that the group was made from. */
function linkedInputs({ id, inputs }: UiNode, links: Group['links']): UiInput[] {
  const byTarget = new Map(
    Array.from(links, ([link, { target, targetSlot }]) => [`${target} ${targetSlot}`, link]),
  )
  return inputs.map((input, slot) => ({ ...input, link: byTarget.get(`${id} ${slot}`) }))
}

function listIn(value: JsonValue | undefined): JsonArray {
  return isJsonArray(value) ? value : []
}

function objectIn(value: JsonValue | undefined, key: string): JsonObject | undefined {
  const found = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isJsonObject(found) ? found : undefined
}
