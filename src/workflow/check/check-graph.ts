import { nodeClassNamed, type ObjectInfo } from '../../protocol/object-info.ts'
import { reachableNodes } from '../outputs.ts'
import type { Workflow } from '../workflow.ts'
import { unknownClass } from './class-check.ts'
import { findingAt, type Finding, type FindingCode } from './finding.ts'
import { findLoops } from './loops.ts'
import type { CheckOptions } from './literal-check.ts'
import { checkNode } from './node-check.ts'
import { serverOutputs } from './reach.ts'

const noOutput: Finding = {
  code: 'no-output-node',
  severity: 'error',
  message: 'the graph has no output node, so nothing would be made',
  hint: 'add a SaveImage or PreviewImage node',
}

/**
 * Checks a graph against the node classes of a server, without asking it anything: everything that the server would
 * refuse, or that would fail or be ignored, in the order of the nodes. Never throws. Nodes that no output needs are not
 * run: what is wrong with their values is a warning only, and inputs that nothing is linked to are no fault.
 */
export function checkGraph(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  options: CheckOptions = {},
): Finding[] {
  const outputs = serverOutputs(workflow, objectInfo)
  const ofNodes = nodeFindings(workflow, objectInfo, options)
  const loops = findLoops(workflow, outputs).filter(
    (loop) => !ofNodes.some((other) => isSamePlace(loop, other)),
  )
  const found = [...ofNodes, ...loops]
  const needed = reachableNodes(workflow, outputs)
  const isNeeded = ({ node }: Finding): boolean => node === undefined || needed.has(node)
  // Once a link is broken, the nodes behind it only look as if nothing needed them.
  const isCut = found.some((finding) => isNeeded(finding) && cuts.has(finding.code))
  const findings = found.flatMap((finding): Finding[] => {
    if (isCut || isNeeded(finding) || ofClass.has(finding.code)) return [finding]
    return finding.code === 'missing-input' ? [] : [{ ...finding, severity: 'warning' }]
  })
  return outputs.length === 0 ? [...findings, noOutput] : findings
}

/** Faults that may have cut a part of the graph off. */
const cuts: ReadonlySet<FindingCode> = new Set(['dangling-link', 'missing-input', 'wrong-type', 'graph-loop'])
/** The server looks at the class of every node. */
const ofClass: ReadonlySet<FindingCode> = new Set(['missing-node', 'browser-node'])

function nodeFindings(workflow: Workflow, objectInfo: ObjectInfo, options: CheckOptions): Finding[] {
  return Array.from(workflow.nodes).flatMap(([id, node]) => {
    const nodeClass = nodeClassNamed(objectInfo, node.classType)
    if (nodeClass) return checkNode(workflow, objectInfo, [id, node], nodeClass, options)
    return [findingAt(unknownClass(node.classType, objectInfo), id, node)]
  })
}

/** A wrong link may also close a loop: that is one fault. */
function isSamePlace(a: Finding, b: Finding): boolean {
  return a.node === b.node && a.input === b.input
}
