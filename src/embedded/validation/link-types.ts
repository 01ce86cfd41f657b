import { isJsonArray, type JsonValue } from '../../protocol/json.ts'

/**
 * Whether an output of one type may be linked to an input of another. Types can be lists with commas
 * (`FLOAT,INT`): one in common is enough. `*` fits everything, and so do ComfyUI's types that are settled by
 * other links (`COMFY_MATCHTYPE_V3` and the like).
 */
export function typesMatch(received: JsonValue, wanted: JsonValue): boolean {
  if (received === wanted || isAny(received) || isAny(wanted)) return true
  if (isJsonArray(received) && isJsonArray(wanted)) return JSON.stringify(received) === JSON.stringify(wanted)
  if (typeof received !== 'string' || typeof wanted !== 'string') return false
  const offered = new Set(received.split(',').map((type) => type.trim()))
  return wanted.split(',').some((type) => offered.has(type.trim()))
}

function isAny(type: JsonValue): boolean {
  return typeof type === 'string' && (type === '*' || /^COMFY_\w+_V3$/.test(type))
}
