import { isJsonArray, isJsonObject, stringifyJson, type JsonValue } from '../protocol/json.ts'
import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import type { InputError } from '../protocol/prompt.ts'
import type { Access } from './access.ts'
import { nodeLabel } from './node-label.ts'
import { fetchNodeClass } from './node-classes.ts'

/** An input of a node that holds something like a link, right or wrong. */
interface LinkLike {
  readonly input: string
  readonly target: JsonValue
  readonly slot: JsonValue
}

/**
 * What is wrong with a node whose check raised an exception, to stand after the node's label. ComfyUI passes on
 * Python's words only. A KeyError's text is just the key: `'77'` is a link to a node 77 that does not exist, `4`
 * one whose node id is a number, `'inputs'` a node without inputs. The `input_name` that comes with it is that of
 * the node after it, so the faulty link is looked for in the graph.
 */
export async function validationException(
  access: Access,
  graph: ApiGraph,
  { node, details, message }: InputError,
): Promise<string> {
  const key = details.replaceAll(/^'|'$/g, '')
  if (!(key in (graph[node] ?? {})) && (key === 'inputs' || key === 'class_type')) return `has no "${key}"`
  const links = linksOf(graph, node)
  const broken = links.find(({ target }) =>
    typeof target === 'string' ? target === key && !(target in graph) : show(target) === key,
  )
  if (broken) {
    const { input, target, slot } = broken
    return typeof target === 'string'
      ? `links its input "${input}" to node ${target}, which does not exist`
      : `has a link with a number for a node id: its input "${input}" must be ["${key}", ${show(slot)}], not [${key}, ${show(slot)}]`
  }
  if (details === 'tuple index out of range') return slotFault(access, graph, links)
  return `can't be checked: ${details || message}`
}

function linksOf(graph: ApiGraph, node: NodeId): LinkLike[] {
  const inputs = graph[node]?.inputs
  return Object.entries(isJsonObject(inputs) ? inputs : {}).flatMap(([input, value]) => {
    if (!isJsonArray(value) || value.length !== 2) return []
    const [target = null, slot = null] = value
    return [{ input, target, slot }]
  })
}

/** Which link asks for an output that the other node does not have; only the classes themselves can tell. */
async function slotFault(access: Access, graph: ApiGraph, links: readonly LinkLike[]): Promise<string> {
  for (const { input, target, slot } of links) {
    if (typeof target !== 'string') continue
    const outputs = await outputCount(access, graph[target]?.class_type)
    if (outputs !== undefined && typeof slot === 'number' && slot >= outputs) {
      return `links its input "${input}" to output ${slot} of ${nodeLabel(graph, target)}, which has ${outputs}`
    }
  }
  return 'links to an output that the other node does not have'
}

async function outputCount(access: Access, classType: string | undefined): Promise<number | undefined> {
  try {
    return classType === undefined ? undefined : (await fetchNodeClass(access, classType))?.output.length
  } catch {
    // The count only makes the message more exact.
    return undefined
  }
}

function show(value: JsonValue): string {
  return stringifyJson(value)
}
