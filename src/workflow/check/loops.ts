import { isLink } from '../../protocol/graph.ts'
import type { InputRef, NodeId, Workflow } from '../workflow.ts'
import { findingAt, labelOf, type Finding } from './finding.ts'

/**
 * Every loop of links, each once. It is told at the link that closes it when the links are followed back from `from`:
 * in a graph that was sound but for one link, mostly that one.
 */
export function findLoops(workflow: Workflow, from: readonly NodeId[]): Finding[] {
  const findings: Finding[] = []
  const done = new Set<NodeId>()
  for (const start of [...from, ...workflow.nodes.keys()]) walk(workflow, start, done, findings)
  return findings
}

/** A node on the way, the links that lead on from it, and the number of the one to follow next. */
interface Step {
  readonly node: NodeId
  readonly links: readonly (readonly [input: string, to: NodeId])[]
  next: number
}

/** Depth first, without recursion: chains may be of any length. */
function walk(workflow: Workflow, start: NodeId, done: Set<NodeId>, findings: Finding[]): void {
  if (done.has(start) || !workflow.nodes.has(start)) return
  const path: Step[] = [stepAt(workflow, start)]
  const onPath = new Map<NodeId, number>([[start, 0]])
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const link = step.links[step.next]
    step.next += 1
    if (!link) {
      path.pop()
      onPath.delete(step.node)
      done.add(step.node)
      continue
    }
    const [, to] = link
    const earlier = onPath.get(to)
    if (earlier !== undefined) findings.push(loopFinding(workflow, path.slice(earlier)))
    if (earlier !== undefined || done.has(to)) continue
    onPath.set(to, path.length)
    path.push(stepAt(workflow, to))
  }
}

function stepAt(workflow: Workflow, node: NodeId): Step {
  const inputs = Object.entries(workflow.nodes.get(node)?.inputs ?? {})
  const links = inputs.flatMap(([input, value]) =>
    isLink(value) && workflow.nodes.has(value[0]) ? [[input, value[0]] as const] : [],
  )
  return { node, links, next: 0 }
}

/** `steps` are the nodes of the loop, each with the link that is followed; the last one closes it. */
function loopFinding(workflow: Workflow, steps: readonly Step[]): Finding {
  const refs = steps.map(({ node, links, next }): InputRef => ({ node, input: links[next - 1]?.[0] ?? '' }))
  const closing = refs.at(-1) ?? { node: '', input: '' }
  const node = workflow.nodes.get(closing.node)
  const names = [...refs, refs[0] ?? closing].map((ref) => labelOf(ref.node, workflow.nodes.get(ref.node)))
  const complaint = {
    code: 'graph-loop',
    text: `its link closes a loop: ${names.join(' <- ')}`,
  } as const
  const finding = findingAt(complaint, closing.node, node ?? { classType: '', inputs: {} }, closing.input)
  return { ...finding, related: refs.slice(0, -1) }
}
