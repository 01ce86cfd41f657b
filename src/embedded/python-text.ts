import { isJsonArray, isJsonObject, type JsonValue } from '../protocol/json.ts'

/** A value as Python's `str()` shows it: strings bare, everything else as `repr`. */
export function pythonStr(value: JsonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value)
}

/** A value as Python's `repr()` shows it: `'text'`, `None`, `True`, `[1, 'a']`, `{'k': 1.5}`. */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return reprString(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : reprFloat(value)
  if (isJsonArray(value)) return `[${value.map(pythonRepr).join(', ')}]`
  if (!isJsonObject(value)) return ''
  const entries = Object.entries(value).map(([key, item]) => `${reprString(key)}: ${pythonRepr(item)}`)
  return `{${entries.join(', ')}}`
}

/** A float as Python shows it: `8.0`, `nan`, `inf`. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** The name of a value's type in Python, for messages. */
export function pythonType(value: JsonValue): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return isJsonArray(value) ? 'list' : 'dict'
}

function reprString(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`
}
