import { isLink, type Link } from '../../protocol/graph.ts'
import { isJsonArray, isJsonObject } from '../../protocol/json.ts'
import { nodeClassNamed, type NodeClass, type ObjectInfo } from '../../protocol/object-info.ts'
import type { NodeId, Workflow, WorkflowNode } from '../workflow.ts'
import { inputForms } from './input-forms.ts'

/** The type of outputs that follow from what is linked to an input. */
const matched = 'COMFY_MATCHTYPE_V3'

/**
 * The type of the output that a link leads to. Where it follows from an input (`COMFY_MATCHTYPE_V3`) it is what is
 * linked there, and several types with commas between if several are. `*` if it can't be told.
 */
export function outputType(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  [id, slot]: Link,
  path: readonly NodeId[] = [],
): string {
  const node = workflow.nodes.get(id)
  const nodeClass = node && nodeClassNamed(objectInfo, node.classType)
  const declared = nodeClass?.output[slot]
  if (!node || !nodeClass || declared === undefined || path.includes(id)) return '*'
  // A list of choices, as custom nodes have for what they select.
  if (isJsonArray(declared)) return 'COMBO'
  if (declared !== matched) return typeof declared === 'string' ? declared : '*'
  const types = sourcesOf(node, nodeClass, slot).map((link) =>
    outputType(workflow, objectInfo, link, [...path, id]),
  )
  return types.length === 0 ? '*' : [...new Set(types)].join(',')
}

/** The links of the inputs that share a template with an output. */
function sourcesOf({ inputs }: WorkflowNode, nodeClass: NodeClass, slot: number): Link[] {
  const template = nodeClass.output_matchtypes?.[slot]
  if (template === undefined || template === null) return []
  return Array.from(inputForms(nodeClass, inputs).forms.values())
    .filter(({ options }) => isJsonObject(options.template) && options.template.template_id === template)
    .map(({ name }) => inputs[name])
    .filter(isLink)
}
