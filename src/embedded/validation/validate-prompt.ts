import type { ApiGraph, NodeId } from '../../protocol/graph.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { nodeInfo } from '../node-info.ts'
import type { EmbeddedNode, Folders } from '../node.ts'
import type { Writable } from '../python-json.ts'
import { pythonStr } from '../python-text.ts'
import { CheckError, type Fault, type NodeFaults } from './faults.ts'
import { classOf, looseGraph, type LooseGraph } from './loose-graph.ts'
import { NodeValidator } from './validate-node.ts'

/** The body of a 400 answer. */
export type Refusal = { readonly [key: string]: Writable }

/** A prompt after validation: to be run, perhaps without some of its outputs, or refused. */
export type CheckedPrompt =
  | {
      /** With its values converted. */
      readonly graph: ApiGraph
      readonly outputs: readonly NodeId[]
      readonly nodeErrors: Writable
    }
  | { readonly refused: Refusal }

/** Makes the body of a 400 answer. */
export function refusal(
  type: string,
  message: string,
  details = '',
  extra: JsonObject = {},
  nodeErrors: Writable = {},
): Refusal {
  return { error: { type, message, details, extra_info: extra }, node_errors: nodeErrors }
}

/**
 * Checks a graph as ComfyUI does before it queues it. `isTarget` narrows the outputs. One sound output is
 * enough: the others are left out and said in `nodeErrors`. Throws on what ComfyUI answers with 500: something
 * that is no object of objects, such as the page's own file format.
 */
export function validatePrompt(
  prompt: JsonValue,
  isTarget: ((id: NodeId) => boolean) | undefined,
  nodes: ReadonlyMap<string, EmbeddedNode>,
  folders: Folders,
): CheckedPrompt {
  const graph = looseGraph(prompt)
  const outputs: NodeId[] = []
  for (const [id, node] of Object.entries(graph)) {
    const missing = missingClass(id, node, nodes)
    if (missing) return { refused: missing }
    const embedded = nodes.get(classOf(node))
    if (embedded && nodeInfo(embedded, folders).output_node && (isTarget?.(id) ?? true)) outputs.push(id)
  }
  if (outputs.length === 0) return { refused: refusal('prompt_no_outputs', 'Prompt has no outputs') }

  const validator = new NodeValidator(graph, nodes, folders)
  const nodeErrors = new Map<NodeId, NodeFaults>()
  const outputFaults: Fault[] = []
  const sound = outputs.filter((id) => {
    const { valid, faults } = checkOutput(id, validator)
    if (valid) return true
    outputFaults.push(...faults)
    fileFaults(id, validator, graph, nodeErrors)
    return false
  })
  // A record of its own shape: the writer needs no more than its entries.
  const errors = nodeErrors as ReadonlyMap<string, unknown> as ReadonlyMap<string, Writable>
  if (sound.length > 0) return { graph: convertedGraph(graph, validator), outputs: sound, nodeErrors: errors }
  const details = outputFaults.map(({ message, details }) => `${message}: ${details}`).join('\n')
  const message = 'Prompt outputs failed validation'
  return { refused: refusal('prompt_outputs_failed_validation', message, details, {}, errors) }
}

/** Only the first node without a known class is said. */
function missingClass(
  id: NodeId,
  node: JsonObject,
  nodes: ReadonlyMap<string, EmbeddedNode>,
): Refusal | undefined {
  const title = isJsonObject(node._meta) ? (node._meta.title ?? null) : null
  if (!('class_type' in node)) {
    const message = `Node '${pythonStr(title ?? `ID #${id}`)}' has no class_type. The workflow may be corrupted or a custom node is missing.`
    return missingNode(message, id, null, title)
  }
  const classType = node.class_type ?? null
  if (nodes.has(classOf(node))) return undefined
  const name = title ?? classType
  const message = `Node '${pythonStr(name)}' not found. The custom node may not be installed.`
  return missingNode(message, id, classType, name)
}

function missingNode(message: string, id: NodeId, classType: JsonValue, title: JsonValue): Refusal {
  return refusal('missing_node_type', message, `Node ID '#${id}'`, {
    node_id: id,
    class_type: classType,
    node_title: title,
  })
}

function checkOutput(id: NodeId, validator: NodeValidator): { valid: boolean; faults: readonly Fault[] } {
  try {
    return validator.check(id)
  } catch (error) {
    if (!(error instanceof CheckError)) throw error
    const fault: Fault = {
      type: 'exception_during_validation',
      message: 'Exception when validating node',
      details: error.message,
      extra_info: error.info,
    }
    const check = { valid: false, faults: [fault] }
    validator.checks.set(id, check)
    return check
  }
}

/** Puts every faulty node seen so far down as a fault of this output, also those of other outputs. */
function fileFaults(
  output: NodeId,
  validator: NodeValidator,
  graph: LooseGraph,
  nodeErrors: Map<NodeId, NodeFaults>,
): void {
  for (const [id, { valid, faults }] of validator.checks) {
    if (valid || faults.length === 0) continue
    const entry = nodeErrors.get(id) ?? {
      errors: faults,
      dependent_outputs: [],
      class_type: classOf(graph[id]),
    }
    entry.dependent_outputs.push(output)
    nodeErrors.set(id, entry)
  }
}

function convertedGraph(graph: LooseGraph, validator: NodeValidator): ApiGraph {
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => [
      id,
      { ...node, inputs: validator.converted.get(id) ?? node.inputs },
    ]),
  ) as unknown as ApiGraph
}
