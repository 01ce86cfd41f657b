import { randomUUID } from 'node:crypto'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { json, type Answer } from '../answer.ts'
import type { Route } from '../router.ts'
import type { ServerState } from '../state.ts'
import { isUuid } from '../uuid.ts'
import { refusal, validatePrompt } from '../validation/validate-prompt.ts'
import { jsonBody } from './json-body.ts'

const secrets: ReadonlySet<string> = new Set(['auth_token_comfy_org', 'api_key_comfy_org'])

/** `POST /prompt`: checks a graph and queues it. */
export function promptRoutes(state: ServerState): Route[] {
  return [{ method: 'POST', path: '/prompt', handle: (request) => post(jsonBody(request), state) }]
}

function post(body: JsonValue, state: ServerState): Answer {
  // A list has no keys, and so no prompt; nothing else but an object gets this far in Python.
  if (!isJsonObject(body) && !isJsonArray(body)) throw new TypeError('the body is not an object')
  const fields: JsonObject = isJsonObject(body) ? body : {}
  const number = numberOf(fields, state.nextNumber)
  state.nextNumber++
  if (!('prompt' in fields))
    return json(refusal('no_prompt', 'No prompt provided', 'No prompt provided'), 400)
  const promptId = fields.prompt_id ?? randomUUID()
  if (!isUuid(promptId)) return json(badPromptId, 400)

  const checked = validatePrompt(fields.prompt ?? null, targetsOf(fields), state.nodes, state.folders)
  const extraData = extraDataOf(fields)
  if ('refused' in checked) return json(checked.refused, 400)
  if (extraData === undefined) throw new TypeError('extra_data is not an object')
  state.queue.put({
    number,
    promptId,
    graph: checked.graph,
    extraData: { ...extraData, create_time: Date.now() },
    outputs: checked.outputs,
  })
  return json({ prompt_id: promptId, number, node_errors: checked.nodeErrors })
}

const badPromptId = refusal(
  'invalid_prompt_id',
  'prompt_id must be a valid UUID',
  'prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one',
)

/** Lower runs first. `front` goes before everything queued so far; the newest of several fronts runs first. */
function numberOf({ number, front }: JsonObject, next: number): number {
  if (number === undefined) return front ? -next : next
  const value = ['number', 'bigint', 'string', 'boolean'].includes(typeof number)
    ? Number(number)
    : Number.NaN
  if (Number.isNaN(value)) throw new TypeError('number is not a number')
  return value
}

/**
 * Which output nodes are wanted; undefined for all. A string is searched for the id, as Python's `in` does:
 * `"13"` names the nodes 1, 3 and 13.
 */
function targetsOf({
  partial_execution_targets: targets,
}: JsonObject): ((id: string) => boolean) | undefined {
  if (targets === undefined || targets === null) return undefined
  if (typeof targets === 'string') return (id) => targets.includes(id)
  if (isJsonArray(targets)) return (id) => targets.includes(id)
  if (isJsonObject(targets)) return (id) => id in targets
  throw new TypeError('partial_execution_targets is not a list')
}

/** `extra_data` with the client id in it and without API keys; undefined if it is not an object. */
function extraDataOf({ extra_data: extra = {}, client_id }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(extra)) {
    if (client_id !== undefined) throw new TypeError('extra_data is not an object')
    return undefined
  }
  const kept = Object.entries(extra).filter(([key]) => !secrets.has(key))
  return { ...Object.fromEntries(kept), ...(client_id !== undefined && { client_id }) }
}
