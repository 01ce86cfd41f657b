import { isLink, type Link } from '../../protocol/graph.ts'
import { stringifyJson, type JsonArray, type JsonValue } from '../../protocol/json.ts'
import { nodeClassNamed, type ObjectInfo } from '../../protocol/object-info.ts'
import { nearMatches } from '../../near-matches.ts'
import type { Workflow } from '../workflow.ts'
import { labelOf, type Complaint } from './finding.ts'
import type { InputForm } from './input-forms.ts'
import { fits } from './link-types.ts'
import { outputType } from './output-type.ts'
import { show } from './allowed-text.ts'

/**
 * What is wrong with a list in an input's place, which is always meant as a link: its form, the node or the output that
 * it leads to, or the type that comes from there. `form` is undefined for an input that the class does not have.
 */
export function linkComplaint(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  form: InputForm | undefined,
  value: JsonArray,
): Complaint | undefined {
  if (!isLink(value)) return notALink(workflow, value)
  const [id, slot] = value
  const node = workflow.nodes.get(id)
  if (!node) {
    const hint = nearMatches(id, workflow.nodes.keys()).map((near) =>
      labelOf(near, workflow.nodes.get(near)),
    )[0]
    const text = `it is linked to node ${id}, which does not exist`
    return { code: 'dangling-link', text, ...(hint !== undefined && { hint: `the nearest is ${hint}` }) }
  }
  const nodeClass = nodeClassNamed(objectInfo, node.classType)
  // What a class that the server lacks puts out can't be said.
  if (!nodeClass) return undefined
  if (!Number.isInteger(slot) || slot < 0 || slot >= nodeClass.output.length) {
    return wrongSlot(workflow, objectInfo, form, value, nodeClass.output.length)
  }
  const given = outputType(workflow, objectInfo, value)
  if (!form || fits(given, wantedType(form))) return undefined
  return {
    code: 'wrong-type',
    text: `it needs ${wantedText(form)}, but output ${slot} of ${labelOf(id, node)} is ${given}`,
    ...hintOf(workflow, objectInfo, form, id),
  }
}

function wrongSlot(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  form: InputForm | undefined,
  [id, slot]: Link,
  outputs: number,
): Complaint {
  const count =
    outputs === 0 ? 'none' : outputs === 1 ? 'one, which is number 0' : `${outputs}, numbered from 0`
  return {
    code: 'wrong-slot',
    text: `it is linked to output ${slot} of ${labelOf(id, workflow.nodes.get(id))}, which has ${count}`,
    ...hintOf(workflow, objectInfo, form, id),
  }
}

/** The outputs of a node that would fit. */
function hintOf(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  form: InputForm | undefined,
  id: string,
): { readonly hint?: string } {
  const node = workflow.nodes.get(id)
  const outputs = (node && nodeClassNamed(objectInfo, node.classType)?.output) ?? []
  if (!form) return {}
  const fitting = outputs.flatMap((_, slot) => {
    const type = outputType(workflow, objectInfo, [id, slot])
    return type !== '*' && fits(type, wantedType(form)) ? [`["${id}", ${slot}]`] : []
  })
  return fitting.length === 0 ? {} : { hint: `${fitting.join(' or ')} would fit` }
}

/** A template narrows what it takes: `allowed_types` is `IMAGE,MASK`, or `*`. */
function wantedType({ type, options }: InputForm): string {
  if (type !== 'COMFY_MATCHTYPE_V3') return type
  const template = options.template as { readonly allowed_types?: JsonValue } | undefined
  return typeof template?.allowed_types === 'string' ? template.allowed_types : '*'
}

function wantedText(form: InputForm): string {
  return form.type === 'COMBO' ? 'one of a list' : wantedType(form).replaceAll(',', ' or ')
}

function notALink(workflow: Workflow, value: JsonArray): Complaint {
  const [id, slot] = value
  const isNumbered = value.length === 2 && typeof id === 'number' && typeof slot === 'number'
  if (isNumbered) {
    const code = workflow.nodes.has(String(id)) ? 'wrong-type' : 'dangling-link'
    return { code, text: `a link names its node by text: ["${id}", ${slot}], not ${stringifyJson(value)}` }
  }
  const isSlotText = value.length === 2 && typeof id === 'string' && workflow.nodes.has(id)
  const hint = isSlotText
    ? 'the number of the output is no text'
    : 'a list that is a value is written {"__value__": [...]}'
  return { code: 'wrong-type', text: `a link looks like ["4", 0], not ${show(value)}`, hint }
}
