import { didYouMean, nearMatches } from '../../near-matches.ts'
import { isJsonArray } from '../../protocol/json.ts'
import type { NodeClass, ObjectInfo } from '../../protocol/object-info.ts'
import type { NodeId, Workflow, WorkflowNode } from '../workflow.ts'
import { findingAt, type Complaint, type Finding } from './finding.ts'
import { inputForms, type NodeForms } from './input-forms.ts'
import { linkComplaint } from './link-check.ts'
import { literalCheck, type CheckOptions } from './literal-check.ts'

/** Inputs that the page sends along for itself, by class: no server asks for them. */
const sentByPage: Readonly<Record<string, RegExp>> = {
  CustomCombo: /^(?:index|option\d+)$/,
  SaveGLB: /^image$/,
  Preview3D: /^image$/,
  Preview3DAnimation: /^image$/,
}
const sentByPageAnywhere =
  /^(?:upload|audioUI|videoUI|control_after_generate|choose file to upload|speak_and_recognation)$/

/** Everything that is wrong with the inputs of one node of a known class. */
export function checkNode(
  workflow: Workflow,
  objectInfo: ObjectInfo,
  [id, node]: readonly [NodeId, WorkflowNode],
  nodeClass: NodeClass,
  options: CheckOptions,
): Finding[] {
  const forms = inputForms(nodeClass, node.inputs)
  const findings: Finding[] = []
  const add = (complaint: Complaint | undefined, input: string): void => {
    if (complaint) findings.push(findingAt(complaint, id, node, input))
  }
  const unknown = Object.keys(node.inputs).filter((name) => isUnknown(name, node.classType, forms, nodeClass))
  for (const form of forms.forms.values()) {
    const { name } = form
    if (!Object.hasOwn(node.inputs, name)) {
      if (form.required) add(missingInput(name, unknown), name)
      continue
    }
    const value = node.inputs[name] ?? null
    if (isJsonArray(value)) add(linkComplaint(workflow, objectInfo, form, value), name)
    else add(literalCheck([id, node], nodeClass, form, options)(value), name)
  }
  for (const name of unknown) {
    const value = node.inputs[name] ?? null
    const broken = isJsonArray(value) ? linkComplaint(workflow, objectInfo, undefined, value) : undefined
    add(broken ?? unknownInput(name, node, forms, nodeClass), name)
  }
  return findings
}

function isUnknown(
  name: string,
  classType: string,
  { forms, open }: NodeForms,
  { input }: NodeClass,
): boolean {
  if (forms.has(name) || open.some((beginning) => name.startsWith(beginning))) return false
  if (Object.hasOwn(input.hidden ?? {}, name)) return false
  return !sentByPageAnywhere.test(name) && !sentByPage[classType]?.test(name)
}

function missingInput(name: string, unknown: readonly string[]): Complaint {
  const [near] = nearMatches(name, unknown)
  return {
    code: 'missing-input',
    text: 'it is missing, and the node needs it',
    ...(near !== undefined && { hint: `the node has an input "${near}": is that meant?` }),
  }
}

/**
 * A server ignores values of inputs that a class does not have. Custom nodes may take any input without declaring it, so
 * of theirs only what looks misspelt is told.
 */
function unknownInput(
  name: string,
  { inputs }: WorkflowNode,
  { forms, groups }: NodeForms,
  { python_module: module }: NodeClass,
): Complaint | undefined {
  const free = [...forms.keys()].filter((known) => !Object.hasOwn(inputs, known))
  const near = didYouMean(name, free)
  if (module?.startsWith('custom_nodes.') && near === undefined) return undefined
  const group = groups.find((each) => name === each || name.startsWith(`${each}.`))
  const hint =
    near ??
    (group === undefined
      ? knownInputs(forms)
      : `inputs of the group are called ${group}.NAME, as the server lists them`)
  return {
    code: 'unknown-input',
    severity: isJsonArray(inputs[name]) ? 'error' : 'warning',
    text: 'the class has no such input',
    hint,
  }
}

function knownInputs(forms: NodeForms['forms']): string {
  return forms.size === 0 ? 'it has none' : `it has ${[...forms.keys()].join(', ')}`
}
