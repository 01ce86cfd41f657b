import { isJsonArray, isJsonObject, type JsonValue } from '../../protocol/json.ts'
import { pythonRepr, pythonStr, pythonType } from '../python-text.ts'

/** A value cannot be converted; the message is Python's. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError'
}

/**
 * Converts a literal to the type of its input, as ComfyUI does before it looks at ranges: `64.9` becomes 64 for
 * an INT, 12345 becomes `"12345"` for a STRING. Other types are left alone. Throws `ConversionError`.
 */
export function convert(type: string, value: JsonValue): JsonValue {
  switch (type) {
    case 'INT':
      return toInt(value)
    case 'FLOAT':
      return toFloat(value)
    case 'STRING':
      return pythonStr(value)
    case 'BOOLEAN':
      return isTruthy(value)
    default:
      return value
  }
}

function toInt(value: JsonValue): number | bigint {
  if (typeof value === 'bigint') return exact(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return truncated(value)
  if (typeof value === 'string') {
    const digits = value.trim().replaceAll(/(?<=\d)_(?=\d)/g, '')
    if (/^[+-]?\d+$/.test(digits)) return exact(BigInt(digits.replace('+', '')))
    throw new ConversionError(`invalid literal for int() with base 10: ${pythonRepr(value)}`)
  }
  throw new ConversionError(
    `int() argument must be a string, a bytes-like object or a real number, not '${pythonType(value)}'`,
  )
}

function truncated(value: number): number | bigint {
  if (Number.isNaN(value)) throw new ConversionError('cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw new ConversionError('cannot convert float infinity to integer')
  return exact(BigInt(Math.trunc(value)))
}

function exact(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

const floatWords: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
])

function toFloat(value: JsonValue): number {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return Number(value)
  if (typeof value === 'string') {
    const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(value.trim().toLowerCase()) ?? []
    const number = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(rest) ? Number(rest) : floatWords.get(rest)
    if (number !== undefined) return sign === '-' ? -number : number
    throw new ConversionError(`could not convert string to float: ${pythonRepr(value)}`)
  }
  throw new ConversionError(`float() argument must be a string or a real number, not '${pythonType(value)}'`)
}

function isTruthy(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length > 0
  if (isJsonObject(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
