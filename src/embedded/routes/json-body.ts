import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.ts'
import { parsePython } from '../python-json.ts'
import type { Request } from '../router.ts'

/** The body as JSON. Throws SyntaxError, also for an empty body: the answer is then 500, as ComfyUI's. */
export function jsonBody({ body }: Request): JsonValue {
  return parsePython(body.toString('utf8'))
}

/** The body as a JSON object; throws if it is anything else. */
export function jsonObjectBody(request: Request): JsonObject {
  const value = jsonBody(request)
  if (!isJsonObject(value)) throw new TypeError('the body is not an object')
  return value
}

/** As Python's int(): a decimal integer; throws otherwise, which becomes 500. */
export function queryInteger(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new TypeError(`not an integer: ${text}`)
  return Number(text)
}
