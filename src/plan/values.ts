import { ComfyRunError, messageOf, type Where } from '../errors.ts'
import { isLink } from '../protocol/graph.ts'
import {
  isJsonArray,
  isJsonObject,
  parseStrictJson,
  stringifyJson,
  type JsonValue,
} from '../protocol/json.ts'

const integerPattern = /^[+-]?\d+$/
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/**
 * Reads a text as what the input holds now. A text stays as it is ("1984" too); for a number it must be one
 * (integers beyond 2^53 become `bigint`), for a boolean `true` or `false` in any case, and JSON if the input
 * holds a list or an object. If what it holds gives no type (absent, null or a link), the text's own look
 * decides. `{`, `[` or `"` first means JSON wherever the input holds no text. Throws ComfyRunError `bad-value`.
 */
export function readValue(text: string, current: JsonValue | undefined, where?: Where): JsonValue {
  if (typeof current === 'string') return text
  const trimmed = text.trim()
  if (/^[{["]/.test(trimmed)) return readJson(trimmed, where)
  if (typeof current === 'number' || typeof current === 'bigint') return readNumber(trimmed, where)
  if (typeof current === 'boolean') return readBoolean(trimmed, where)
  if (current !== undefined && current !== null && !isLink(current)) return readJson(trimmed, where)
  if (numberPattern.test(trimmed)) return readNumber(trimmed, where)
  return /^(?:true|false)$/i.test(trimmed) ? readBoolean(trimmed, where) : text
}

/**
 * Fits a JSON or YAML value to what the input holds now: a number for an input that holds text becomes that
 * text, and a text for a number is read as one. Throws ComfyRunError `bad-value`.
 */
export function fitValue(value: JsonValue, current: JsonValue | undefined, where?: Where): JsonValue {
  if (typeof current === 'string' && isPlain(value))
    return typeof value === 'string' ? value : stringifyJson(value)
  const wantsNumber = typeof current === 'number' || typeof current === 'bigint'
  if (wantsNumber && typeof value === 'string') return readNumber(value.trim(), where)
  if (typeof current === 'boolean' && typeof value === 'string') return readBoolean(value.trim(), where)
  return value
}

function isPlain(value: JsonValue): boolean {
  return !isJsonArray(value) && !isJsonObject(value)
}

/** Reads a decimal number. Integers beyond 2^53 become `bigint`. Throws ComfyRunError `bad-value`. */
export function readNumber(text: string, where?: Where): number | bigint {
  const value = Number(text)
  if (integerPattern.test(text)) {
    return Number.isSafeInteger(value) ? value : BigInt(text.replace(/^\+/, ''))
  }
  if (numberPattern.test(text) && Number.isFinite(value)) return value
  const hint = /^[+-]?\d+,\d+$/.test(text) ? `write ${text.replace(',', '.')}` : undefined
  throw new ComfyRunError('bad-value', `"${text}" is not a number`, {
    ...(hint !== undefined && { hint }),
    ...(where && { where }),
  })
}

function readBoolean(text: string, where?: Where): boolean {
  const lower = text.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw new ComfyRunError('bad-value', `"${text}" is neither true nor false`, { ...(where && { where }) })
}

function readJson(text: string, where?: Where): JsonValue {
  try {
    return parseStrictJson(text)
  } catch (error) {
    throw new ComfyRunError('bad-value', `"${text}" is not JSON: ${messageOf(error)}`, {
      cause: error,
      ...(where && { where }),
    })
  }
}
