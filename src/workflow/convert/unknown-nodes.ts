import { ComfyRunError } from '../../errors.ts'
import { nearMatches } from '../../near-matches.ts'
import type { ObjectInfo } from '../../protocol/object-info.ts'
import { worksOnlyInPage } from './browser-nodes.ts'
import type { RunNode } from './run-nodes.ts'

/** The error for nodes that would be run, but whose classes the server does not have: all of them, each by its place. */
export function unknownNodes(
  source: string,
  nodes: readonly RunNode[],
  objectInfo: ObjectInfo,
): ComfyRunError {
  const known = Object.keys(objectInfo)
  const reasons = new Map<string, string>()
  const details = nodes.map(({ id, node: { type, title } }) => {
    const reason = reasons.get(type) ?? reasonFor(type, known)
    reasons.set(type, reason)
    return `node ${id}${title === undefined || title === type ? '' : ` "${title}"`} (${type}): ${reason}`
  })
  const classes = [...reasons.keys()]
  const what = classes.length === 1 ? `the node class "${classes[0]}"` : `${classes.length} node classes`
  return new ComfyRunError('missing-node', `${source} can't be converted: the server lacks ${what}`, {
    details,
    hint: 'install the custom nodes that bring them (ComfyUI-Manager can find them), use another server, or mute the nodes and save again',
  })
}

/** Types of subgraphs are UUIDs. */
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

function reasonFor(type: string, known: readonly string[]): string {
  if (type === '') return 'it has no class'
  if (uuid.test(type)) return 'the file does not hold the subgraph that it is an instance of'
  if (/^workflow[>/]/.test(type)) return 'the file does not hold the group that it is made of'
  if (worksOnlyInPage(type)) return 'what it does is done in the browser only'
  const near = nearMatches(type, known).map((name) => `"${name}"`)
  return near.length > 0
    ? `the server has no such class; did you mean ${near.join(' or ')}?`
    : 'the server has no such class'
}
