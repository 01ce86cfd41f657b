import type { ObjectInfo } from '../../protocol/object-info.ts'
import type { Workflow } from '../workflow.ts'
import { checkGraph } from './check-graph.ts'
import type { Finding } from './finding.ts'

/** The node classes of one server. */
export interface ServerClasses {
  readonly objectInfo: ObjectInfo
  /** Whether the server was asked just now. */
  readonly isLive: boolean
  /** What messages call it: the file, or the server's address without credentials. */
  readonly source: string
}

/** What is wrong with a graph that any of some servers may run; see `checkGraph` and `findingsOfAll`. */
export function checkOnServers(workflow: Workflow, servers: readonly ServerClasses[]): Finding[] {
  return findingsOfAll(
    servers.map(({ source, objectInfo, isLive }) => ({
      source,
      findings: checkGraph(workflow, objectInfo, { isLive }),
    })),
  )
}

/** What was found wrong with one graph on one server. */
export interface ServerFindings {
  /** What messages call the server. */
  readonly source: string
  readonly findings: readonly Finding[]
}

/**
 * What is wrong with a graph that any of several servers may run: what all of them would refuse, as it is. What only
 * some would refuse is a warning that names them.
 */
export function findingsOfAll(servers: readonly ServerFindings[]): Finding[] {
  const [first, ...others] = servers
  if (!first || others.length === 0) return [...(first?.findings ?? [])]
  const found = new Map<string, { readonly finding: Finding; readonly on: string[] }>()
  for (const { source, findings } of servers) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.code, finding.node, finding.input])
      const known = found.get(key)
      if (known) known.on.push(source)
      else found.set(key, { finding, on: [source] })
    }
  }
  return Array.from(found.values(), ({ finding, on }) =>
    on.length === servers.length ? finding : onSome(finding, on),
  )
}

function onSome(finding: Finding, on: readonly string[]): Finding {
  return { ...finding, severity: 'warning', message: `on ${on.join(', ')}: ${finding.message}` }
}
