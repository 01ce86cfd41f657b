import { ComfyRunError, messageOf, type Where } from '../errors.ts'
import { Places } from '../places.ts'
import { JsonFault, scanDocument } from '../protocol/json-scan.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../protocol/json.ts'
import { placeOfKey } from './json-place.ts'
import { isUiFile, isUiGraph, uiRefused, type UiFile } from './ui-file.ts'
import type { Workflow, WorkflowNode } from './workflow.ts'

/**
 * Reads an API-format workflow from JSON text; `source` is what messages call it. Also reads the body of
 * `POST /prompt`, `{"prompt": {...}}`. Throws `not-json`, `not-a-workflow` with the place, `ui-workflow`.
 */
export function parseWorkflow(text: string, source: string): Workflow {
  return apiOnly(parseWorkflowFile(text, source), source)
}

/** As `parseWorkflow`, but takes a graph as the page saves it, too. */
export function parseWorkflowFile(text: string, source: string): Workflow | UiFile {
  const json = text.replace(/^\uFEFF/, '')
  let value: JsonValue
  try {
    value = parseStrictJson(json)
  } catch (cause) {
    throw notJson(json, source, cause)
  }
  return readGraph(value, { source, path: [], placeOf: (path) => placeOfKey(json, source, path) })
}

/** The workflow in a JSON value. `uiWorkflow` is the page's graph that came with it. Throws as `parseWorkflow`. */
export function workflowOf(value: JsonValue, source: string, uiWorkflow?: JsonValue): Workflow {
  return apiOnly(workflowFileOf(value, source, uiWorkflow), source)
}

/** As `workflowOf`, but takes a graph as the page saves it, too. */
export function workflowFileOf(value: JsonValue, source: string, uiWorkflow?: JsonValue): Workflow | UiFile {
  return readGraph(value, { source, path: [], placeOf: () => ({ file: source }) }, uiWorkflow)
}

function apiOnly(read: Workflow | UiFile, source: string): Workflow {
  if (isUiFile(read)) throw uiRefused(source)
  return read
}

function notJson(text: string, source: string, cause: unknown): ComfyRunError {
  if (text.trim() === '') {
    return new ComfyRunError('not-json', `the workflow ${source} is empty`, { where: { file: source } })
  }
  const places = new Places(source, text)
  const fault = firstFault(text)
  if (fault) {
    const where = places.at(fault.offset, fault.offset + 1)
    return new ComfyRunError('not-json', `the workflow is not JSON: ${fault.message}`, { where, cause })
  }
  // The exact parser alone refuses a key that is there twice, and names its position.
  const told = messageOf(cause)
  const position = /position (\d+)/.exec(told)?.[1]
  const where = position === undefined ? { file: source } : places.at(Number(position), Number(position) + 1)
  return new ComfyRunError('not-json', `the workflow can't be read: ${told}`, { where, cause })
}

function firstFault(text: string): JsonFault | undefined {
  try {
    scanDocument(text)
  } catch (fault) {
    if (fault instanceof JsonFault) return fault
  }
  return undefined
}

/** Where the value that is read comes from. */
interface Origin {
  readonly source: string
  /** The keys that lead to the value. */
  readonly path: readonly string[]
  readonly placeOf: (path: readonly string[]) => Where
}

function readGraph(value: JsonValue, origin: Origin, uiWorkflow?: JsonValue): Workflow | UiFile {
  const { source, path } = origin
  if (!isJsonObject(value)) throw notAWorkflow(origin, `it is ${kindOf(value)}`)
  if (isUiGraph(value)) return { ui: value }
  const { prompt } = value
  if (path.length === 0 && isJsonObject(prompt) && !Object.hasOwn(prompt, 'class_type')) {
    return readGraph(prompt, { ...origin, path: ['prompt'] }, uiWorkflowIn(value))
  }
  const entries = Object.entries(value)
  if (entries.length === 0) throw notAWorkflow(origin, 'it holds no node')
  if (!entries.some(([, node]) => isJsonObject(node) && ('class_type' in node || 'inputs' in node))) {
    const keys = entries.slice(0, 5).map(([key]) => `"${key}"`)
    throw notAWorkflow(origin, `it is an object without nodes: it has ${keys.join(', ')}`)
  }
  return {
    nodes: new Map(entries.map(([id, node]) => [id, readNode(id, node, origin)])),
    source,
    ...(uiWorkflow !== undefined && { uiWorkflow }),
  }
}

function uiWorkflowIn(body: JsonObject): JsonValue | undefined {
  const extra = isJsonObject(body.extra_data) ? body.extra_data.extra_pnginfo : undefined
  return isJsonObject(extra) ? extra.workflow : undefined
}

function readNode(id: string, node: JsonValue, origin: Origin): WorkflowNode {
  if (!isJsonObject(node)) throw notAWorkflow(origin, `"${id}" is no node, but ${kindOf(node)}`, { id })
  const meta = isJsonObject(node._meta) ? node._meta : undefined
  const title = typeof meta?.title === 'string' ? meta.title : undefined
  const name = `node ${id}${title === undefined ? '' : ` "${title}"`}`
  const { class_type: classType, inputs } = node
  if (typeof classType !== 'string') {
    const hint = 'when ComfyUI exported it, the custom node that brings its class was not installed'
    throw notAWorkflow(origin, `${name} has no class_type`, { id, hint })
  }
  if (!isJsonObject(inputs)) throw notAWorkflow(origin, `${name} (${classType}) has no inputs`, { id })
  return { classType, inputs, ...(title !== undefined && { title }), ...(meta && { meta }) }
}

function notAWorkflow(
  { source, path, placeOf }: Origin,
  why: string,
  { id, hint }: { readonly id?: string; readonly hint?: string } = {},
): ComfyRunError {
  return new ComfyRunError('not-a-workflow', `${source} is not an API-format workflow: ${why}`, {
    hint: hint ?? 'in ComfyUI choose Workflow > Export (API)',
    where: placeOf(id === undefined ? path : [...path, id]),
  })
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (isJsonArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string') return 'a text'
  return typeof value === 'boolean' ? `"${value}"` : 'a number'
}
