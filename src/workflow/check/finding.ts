import { ComfyRunError, type ErrorCode, type Where } from '../../errors.ts'
import type { InputRef, NodeId, WorkflowNode } from '../workflow.ts'

/** What a check can find. Each is an error code, too, as a finding ends a run before it begins. */
export type FindingCode = Extract<
  ErrorCode,
  | 'missing-node'
  | 'browser-node'
  | 'missing-input'
  | 'unknown-input'
  | 'wrong-type'
  | 'wrong-slot'
  | 'dangling-link'
  | 'graph-loop'
  | 'value-not-in-list'
  | 'value-out-of-range'
  | 'missing-model'
  | 'missing-input-file'
  | 'no-output-node'
>

/**
 * `error`: the server would refuse the graph, or the node would fail. `warning`: the server would run it, but something
 * in it would be ignored, or be taken for something else.
 */
export type Severity = 'error' | 'warning'

/** What is wrong with a value or a link, without saying where it stands. */
export interface Complaint {
  readonly code: FindingCode
  /** Default `error`. */
  readonly severity?: Severity
  /** Begins in lower case, to stand after the name of the place. */
  readonly text: string
  /** What to do about it. */
  readonly hint?: string
}

/** One thing that is wrong with a graph. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** The node; absent if the graph as a whole is at fault. */
  readonly node?: NodeId
  readonly classType?: string
  /** What the user called the node. */
  readonly title?: string
  readonly input?: string
  /** One sentence, which names node and input. */
  readonly message: string
  readonly hint?: string
  /** Of a loop: the other links that make it. */
  readonly related?: readonly InputRef[]
}

/** A node for messages: `node 6 "Positive" (CLIPTextEncode)`. */
export function labelOf(id: NodeId, node: WorkflowNode | undefined): string {
  const title = node?.title === undefined || node.title === node.classType ? '' : ` "${node.title}"`
  return `node ${id}${title}${node ? ` (${node.classType})` : ''}`
}

/** The finding that a complaint about a node, or about one of its inputs, amounts to. */
export function findingAt(complaint: Complaint, id: NodeId, node: WorkflowNode, input?: string): Finding {
  const { code, severity = 'error', text, hint } = complaint
  const place = input === undefined ? labelOf(id, node) : `${labelOf(id, node)}, input "${input}"`
  return {
    code,
    severity,
    node: id,
    classType: node.classType,
    ...(node.title !== undefined && { title: node.title }),
    ...(input !== undefined && { input }),
    message: `${place}: ${text}`,
    ...(hint !== undefined && { hint }),
  }
}

/** A finding as an error that keeps a run from beginning, at its place in the user's files. */
export function findingError({ code, message, hint }: Finding, where: Where): ComfyRunError {
  return new ComfyRunError(code, message, { ...(hint !== undefined && { hint }), where })
}
