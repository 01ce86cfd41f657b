import type { InputRef, NodeId } from '../workflow.ts'
import { together, type Found } from './found.ts'
import { latentInput } from './samplers.ts'
import type { RoleGraph } from './role-graph.ts'
import { traceString } from './trace-string.ts'

export type FileKind = 'image' | 'video' | 'audio' | 'mask'

/** The user's files that a workflow loads, by kind, in the order in which they are used. */
export type Files = Readonly<Record<FileKind, readonly Found[]>>

const loadClass = /load/i
const maskLink = /(?:^|_|\.)masks?(?:\.|_|$|\d)|^mask/
const textLink = /(?:^|\.|_)(?:prompt|text|string(?:_[a-z])?|source|value)$/

/**
 * Finds the files that some nodes need: those that a sampler starts from first, the others in the order of the
 * inputs that they come to; files for texts (an image that is described) last. What comes in by mask inputs only is
 * a mask; the alpha channel of an image is none.
 */
export function traceFiles(graph: RoleGraph, from: readonly NodeId[], samplers: ReadonlySet<NodeId>): Files {
  const found: Record<FileKind, Found[]> = { image: [], video: [], audio: [], mask: [] }
  const seen = new Set<NodeId>()
  const masks: InputRef[] = []
  walk(graph, from, seen, (node) => {
    masks.push(
      ...graph
        .links(node)
        .filter((input) => maskLink.test(input))
        .map((input) => ({ node, input })),
    )
    const file = fileInput(graph, node)
    if (file && file.kind !== 'mask') add(graph, found[file.kind], { node, input: file.input })
    return inOrder(graph, node, samplers.has(node) ? latentInput(graph, node).input : undefined)
  })
  const sources = masks.flatMap((ref) => graph.source(ref)?.node ?? [])
  walk(graph, sources, new Set(), (node) => {
    const drawn = graph.inputsOf(node).mask
    if (typeof drawn === 'string') {
      add(graph, found.mask, { node, input: 'mask' })
      return []
    }
    const file = fileInput(graph, node)
    if (file && !seen.has(node) && (file.kind === 'mask' || file.kind === 'image'))
      add(graph, found.mask, { node, input: file.input })
    return file ? [] : graph.links(node)
  })
  return found
}

/** Depth first, in the order of the inputs that `visit` names; each node once. */
function walk(
  graph: RoleGraph,
  from: readonly NodeId[],
  seen: Set<NodeId>,
  visit: (node: NodeId) => readonly string[],
): void {
  const waiting = from.toReversed()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const at = node
    const next = visit(at).flatMap((input) => graph.source({ node: at, input })?.node ?? [])
    waiting.push(...next.reverse())
  }
}

function inOrder(graph: RoleGraph, node: NodeId, first: string | undefined): string[] {
  const links = graph.links(node).filter((input) => !maskLink.test(input))
  const rank = (input: string): number => (input === first ? 0 : textLink.test(input) ? 2 : 1)
  return links.sort((a, b) => rank(a) - rank(b))
}

function add(graph: RoleGraph, list: Found[], ref: InputRef): void {
  const found = traceString(graph, ref)
  if (found.inputs.length > 0) list.push({ ...found, computedBy: [] })
}

/** The input in which a node that loads a file of the user's has its name. */
function fileInput(
  graph: RoleGraph,
  node: NodeId,
): { readonly kind: FileKind; readonly input: string } | undefined {
  const { classType = '' } = graph.workflow.nodes.get(node) ?? {}
  const inputs = graph.inputsOf(node)
  const has = (input: string): boolean => typeof inputs[input] === 'string' || isHeld(graph, { node, input })
  const uploaded = uploadInput(graph, node)
  if (uploaded) return uploaded
  if (!loadClass.test(classType)) return undefined
  if (/mask/i.test(classType) && has('image')) return { kind: 'mask', input: 'image' }
  if (/image/i.test(classType) && has('image')) return { kind: 'image', input: 'image' }
  if (/video/i.test(classType)) {
    const input = ['file', 'video'].find(has)
    return input === undefined ? undefined : { kind: 'video', input }
  }
  return /audio/i.test(classType) && has('audio') ? { kind: 'audio', input: 'audio' } : undefined
}

/** What a class that is known says of the file that it takes. */
function uploadInput(
  graph: RoleGraph,
  node: NodeId,
): { readonly kind: FileKind; readonly input: string } | undefined {
  const configs = graph.inputConfigs(node)
  // One that works on a picture (a canvas to paint on) loads none of its own.
  if (graph.links(node).some((input) => input === 'image')) return undefined
  for (const kind of ['image', 'video', 'audio'] as const) {
    const input = Object.keys(configs).find((name) => {
      const config: unknown = configs[name]
      const options: unknown = Array.isArray(config) ? config[1] : undefined
      return typeof options === 'object' && options !== null && `${kind}_upload` in options
    })
    if (input !== undefined && Object.hasOwn(graph.inputsOf(node), input)) {
      const isMask = kind === 'image' && /mask/i.test(graph.workflow.nodes.get(node)?.classType ?? '')
      return { kind: isMask ? 'mask' : kind, input }
    }
  }
  return undefined
}

/** An `image` that comes from other nodes is a picture; one that a primitive holds is a name. */
function isHeld(graph: RoleGraph, ref: InputRef): boolean {
  const { inputs, computedBy } = traceString(graph, ref)
  return inputs.length > 0 && computedBy.length === 0
}

/** All that was found of one kind, from the first on. */
export function nth(found: readonly Found[], number: number): Found {
  const unique = new Map(found.map((each) => [JSON.stringify(each.inputs), each]))
  return [...unique.values()][number - 1] ?? together([])
}
