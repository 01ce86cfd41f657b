import { ComfyRunError, type ErrorCode } from '../errors.ts'
import { isLink, type ApiGraph } from '../protocol/graph.ts'
import { isJsonArray, isJsonObject, stringifyJson, type JsonValue } from '../protocol/json.ts'
import type { InputError, Rejection } from '../protocol/prompt.ts'
import { didYouMean } from '../near-matches.ts'
import type { Access } from './access.ts'
import { nodeLabel } from './node-label.ts'
import { choicesOf } from './node-classes.ts'
import { validationException } from './validation-exception.ts'

/** One complaint in words. */
interface Complaint {
  readonly code: ErrorCode
  readonly text: string
  readonly hint?: string
}

/**
 * The error for a refused prompt: which node, which input, which value, and what is allowed. `error.details` is
 * often empty, so the text is made from `node_errors`.
 */
export async function rejectionError(
  access: Access,
  graph: ApiGraph,
  rejection: Rejection,
): Promise<ComfyRunError> {
  const found = await Promise.all(rejection.inputErrors.map((error) => inputComplaint(access, graph, error)))
  // A loop is reported once for each of its nodes.
  const complaints = found.filter(
    ({ text }, index) => found.findIndex((other) => other.text === text) === index,
  )
  const [first, ...others] = complaints.length > 0 ? complaints : [wholeComplaint(graph, rejection)]
  const hint = [first, ...others].find((complaint) => complaint?.hint)?.hint
  if (first === undefined || others.length > 0) {
    return new ComfyRunError(
      'workflow-rejected',
      `the server refused the workflow: ${complaints.length} inputs are wrong`,
      {
        details: complaints.map((complaint) => complaint.text),
        hint,
      },
    )
  }
  return new ComfyRunError(first.code, `the server refused the workflow: ${first.text}`, { hint })
}

/** A complaint about the whole graph. */
function wholeComplaint(graph: ApiGraph, { type, message, details, extra }: Rejection): Complaint {
  switch (type) {
    case 'missing_node_type':
    case 'invalid_prompt':
      return missingClass(graph, details, extra.node_id, message)
    case 'prompt_no_outputs':
      return {
        code: 'workflow-rejected',
        text: 'it has no output node, so nothing would be made',
        hint: 'add a SaveImage or PreviewImage node',
      }
    case 'dependency_cycle':
      return { code: 'workflow-rejected', text: loop(graph, extra.cycle_nodes) }
    default: {
      const shown = details && details !== message ? `${message}: ${details}` : message
      return { code: 'workflow-rejected', text: `${shown} [${type}]` }
    }
  }
}

function missingClass(
  graph: ApiGraph,
  details: string,
  nodeId: JsonValue | undefined,
  message: string,
): Complaint {
  const node = typeof nodeId === 'string' ? nodeId : /#([^']+)/.exec(details)?.[1]
  const classType = node === undefined ? undefined : graph[node]?.class_type
  if (node === undefined) return { code: 'missing-node', text: message }
  if (classType === undefined) {
    return { code: 'missing-node', text: `${nodeLabel(graph, node)} has no class_type` }
  }
  return {
    code: 'missing-node',
    text: `${nodeLabel(graph, node)}: the server has no node class "${classType}"`,
    hint: 'install the custom node that brings it on the server (ComfyUI-Manager can find it), or use another server',
  }
}

function loop(graph: ApiGraph, nodes: JsonValue | undefined): string {
  const ids = isJsonArray(nodes) ? nodes.map(String) : []
  if (ids.length === 0) return 'its nodes form a loop: the server does not say which'
  const closed = [...ids, ids[0] ?? '']
  return `its nodes form a loop: ${closed.map((id) => nodeLabel(graph, id)).join(' -> ')}`
}

/** A complaint about one input of one node. */
async function inputComplaint(access: Access, graph: ApiGraph, error: InputError): Promise<Complaint> {
  const label = nodeLabel(graph, error.node, error.classType)
  const place = error.input === undefined ? label : `${label}, input "${error.input}"`
  const received = show(error.received)
  const [type, options] = isJsonArray(error.config) ? error.config : []
  const bounds = isJsonObject(options) ? options : {}
  switch (error.type) {
    case 'required_input_missing':
      return {
        code: 'missing-input',
        text: `${label}: the input "${error.input ?? error.details}" is missing`,
      }
    case 'bad_linked_input':
      return { code: 'wrong-type', text: `${place}: a link looks like ["4", 0], not ${received}` }
    case 'return_type_mismatch':
      return {
        code: 'wrong-type',
        text: `${place} needs ${typeName(type)}, but ${linkedOutput(graph, error)}`,
      }
    case 'invalid_input_type':
      return { code: 'wrong-type', text: `${place}: ${received} is not of type ${typeName(type)}` }
    case 'value_smaller_than_min':
      return {
        code: 'value-out-of-range',
        text: `${place}: ${received} is too small; at least ${show(bounds.min)} is allowed`,
      }
    case 'value_bigger_than_max':
      return {
        code: 'value-out-of-range',
        text: `${place}: ${received} is too large; at most ${show(bounds.max)} is allowed`,
      }
    case 'value_not_in_list':
      return notInList(access, place, error)
    case 'custom_validation_failed':
      return { code: 'workflow-rejected', text: `${place}: ${withoutInputName(error)}` }
    case 'dependency_cycle':
      return { code: 'workflow-rejected', text: loop(graph, error.extra.cycle_nodes) }
    case 'exception_during_validation':
    case 'exception_during_inner_validation':
      return {
        code: 'workflow-rejected',
        text: `${label} ${await validationException(access, graph, error)}`,
      }
    default:
      return {
        code: 'workflow-rejected',
        text: `${place}: ${error.message}${error.details ? ` (${error.details})` : ''} [${error.type}]`,
      }
  }
}

function typeName(type: JsonValue | undefined): string {
  return isJsonArray(type) ? 'one of a list' : show(type).replaceAll('"', '')
}

function linkedOutput(graph: ApiGraph, { extra }: InputError): string {
  const given = show(extra.received_type).replaceAll('"', '')
  if (!isLink(extra.linked_node)) return `it gets ${given}`
  const [node, slot] = extra.linked_node
  return `output ${slot} of ${nodeLabel(graph, node)} is ${given}`
}

/** ComfyUI repeats the input's name: `image - Invalid image file: x.png`. */
function withoutInputName({ details, message, input }: InputError): string {
  if (!details) return message
  return input !== undefined && details.startsWith(`${input} - `) ? details.slice(input.length + 3) : details
}

const modelInputs = /^(?:ckpt|unet|model)_name\d*$/
const shownChoices = 20

async function notInList(access: Access, place: string, error: InputError): Promise<Complaint> {
  const choices = listed(error.config) ?? (await choicesOf(access, error.classType, error.input))
  const near = typeof error.received === 'string' ? didYouMean(error.received, choices) : undefined
  const shown = choices.slice(0, shownChoices).join(', ')
  const rest = choices.length > shownChoices ? `, and ${choices.length - shownChoices} more` : ''
  const allowed = choices.length > 0 ? `the server has ${shown}${rest}` : 'the server has none at all'
  const flag = modelInputs.test(error.input ?? '')
    ? 'Choose a model that the server has with --model.'
    : undefined
  return {
    code: 'value-not-in-list',
    text: `${place}: there is no ${show(error.received)}; ${allowed}`,
    hint: [near, flag].filter(Boolean).join(' ') || undefined,
  }
}

/** The options in the answer itself; ComfyUI leaves lists of more than 20 out. */
function listed(config: JsonValue | undefined): string[] | undefined {
  const [type, options] = isJsonArray(config) ? config : []
  const list = isJsonArray(type) ? type : isJsonObject(options) ? options.options : undefined
  return isJsonArray(list) ? list.map(String) : undefined
}

function show(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing'
  const text = stringifyJson(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
