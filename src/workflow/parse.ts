import { ComfyRunError } from '../errors.ts'
import { JsonFault, scanDocument } from '../protocol/json-scan.ts'
import { Places } from '../places.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonValue,
} from '../protocol/json.ts'
import type { Workflow, WorkflowNode } from './workflow.ts'

/**
 * Reads an API-format workflow from JSON text; `source` is what messages call it. Also reads the body of
 * `POST /prompt`, `{"prompt": {...}}`. Throws `not-json` with the place, `ui-workflow`, `not-a-workflow`.
 */
export function parseWorkflow(text: string, source: string): Workflow {
  const json = text.replace(/^\uFEFF/, '')
  let value: JsonValue
  try {
    value = parseStrictJson(json)
  } catch (cause) {
    throw notJson(json, source, cause)
  }
  return workflowOf(value, source)
}

function notJson(text: string, source: string, cause: unknown): ComfyRunError {
  if (text.trim() === '') return new ComfyRunError('not-json', `the workflow ${source} is empty`)
  const places = new Places(source, text)
  try {
    scanDocument(text)
  } catch (fault) {
    if (fault instanceof JsonFault) {
      const where = places.at(fault.offset, fault.offset + 1)
      return new ComfyRunError('not-json', `the workflow is not JSON: ${fault.message}`, { where, cause })
    }
  }
  return new ComfyRunError('not-json', `the workflow ${source} is not JSON`, { cause })
}

/** The workflow in a JSON value. `uiWorkflow` is the page's graph that came with it. Throws as `parseWorkflow`. */
export function workflowOf(value: JsonValue, source: string, uiWorkflow?: JsonValue): Workflow {
  if (!isJsonObject(value)) {
    throw notAWorkflow(source, isJsonArray(value) ? 'it is a list' : 'it is not an object')
  }
  if (isJsonArray(value.nodes) && (isJsonArray(value.links) || 'version' in value)) {
    throw new ComfyRunError(
      'ui-workflow',
      `${source} is a workflow in the page's own format, not in API format`,
      {
        hint: 'in ComfyUI choose Workflow > Export (API), and use that file',
      },
    )
  }
  const { prompt } = value
  if (isJsonObject(prompt) && !('class_type' in prompt))
    return workflowOf(prompt, source, uiWorkflowIn(value))
  const entries = Object.entries(value)
  if (entries.length === 0) throw notAWorkflow(source, 'it holds no node')
  return {
    nodes: new Map(entries.map(([id, node]) => [id, readNode(id, node, source)])),
    source,
    ...(uiWorkflow !== undefined && { uiWorkflow }),
  }
}

function uiWorkflowIn(body: JsonObject): JsonValue | undefined {
  const extra = isJsonObject(body.extra_data) ? body.extra_data.extra_pnginfo : undefined
  return isJsonObject(extra) ? extra.workflow : undefined
}

function readNode(id: string, node: JsonValue, source: string): WorkflowNode {
  if (!isJsonObject(node)) throw notAWorkflow(source, `"${id}" is not a node`)
  const meta = isJsonObject(node._meta) ? node._meta : undefined
  const title = typeof meta?.title === 'string' ? meta.title : undefined
  const name = `node ${id}${title === undefined ? '' : ` "${title}"`}`
  const { class_type: classType, inputs } = node
  if (typeof classType !== 'string') {
    throw notAWorkflow(
      source,
      `${name} has no class_type`,
      'when ComfyUI exported it, the custom node that brings its class was not installed',
    )
  }
  if (!isJsonObject(inputs)) throw notAWorkflow(source, `${name} (${classType}) has no inputs`)
  return { classType, inputs, ...(title !== undefined && { title }), ...(meta && { meta }) }
}

function notAWorkflow(source: string, why: string, hint?: string): ComfyRunError {
  return new ComfyRunError('not-a-workflow', `${source} is not an API-format workflow: ${why}`, {
    hint: hint ?? 'in ComfyUI choose Workflow > Export (API)',
  })
}
