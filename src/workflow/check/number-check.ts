import { stringifyJson, type JsonValue } from '../../protocol/json.ts'
import type { Complaint } from './finding.ts'
import type { InputForm } from './input-forms.ts'

type Numeric = number | bigint

/**
 * What is wrong with a literal for a number: its kind, or its range. As ComfyUI does, texts that Python would read as
 * a number pass for one.
 */
export function numberComplaint(form: InputForm, value: JsonValue): Complaint | undefined {
  const { type } = form
  const read = readNumber(type, value)
  if (read === undefined)
    return { code: 'wrong-type', text: `${stringifyJson(value)} is not of type ${type}` }
  const outside = rangeComplaint(form, read)
  if (outside) return outside
  if (typeof value === 'boolean') {
    return warning(`${value} is no number: the server takes it for ${Number(value)}`)
  }
  if (type === 'INT' && typeof read === 'number' && !Number.isInteger(read)) {
    return warning(`${read} is no whole number: the server takes ${Math.trunc(read)}`)
  }
  return undefined
}

function warning(text: string): Complaint {
  return { code: 'wrong-type', severity: 'warning', text }
}

/** Undefined if Python's `int()` or `float()` would raise. */
function readNumber(type: string, value: JsonValue): Numeric | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim().replaceAll(/(?<=\d)_(?=\d)/g, '')
  if (type === 'INT') return /^[+-]?\d+$/.test(text) ? exact(text) : undefined
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
}

function exact(digits: string): Numeric {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits.replace('+', ''))
}

function rangeComplaint(
  { name, options: { min, max, control_after_generate } }: InputForm,
  value: Numeric,
): Complaint | undefined {
  if (isNumeric(min) && value < min) {
    const isSeed = control_after_generate === true || name.endsWith('seed')
    const hint = 'a seed of -1 means something on some pages only; comfy-run draws one with --seed random'
    return {
      code: 'value-out-of-range',
      text: `${value} is too small; at least ${min} is allowed`,
      ...(isSeed && value === -1 && { hint }),
    }
  }
  if (isNumeric(max) && value > max) {
    return { code: 'value-out-of-range', text: `${value} is too large; at most ${max} is allowed` }
  }
  return undefined
}

function isNumeric(value: JsonValue | undefined): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint'
}
