import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json'

/** A JSON value whose integers beyond 2^53 are `bigint`, so that 64-bit seeds survive. */
export type JsonValue = null | boolean | number | bigint | string | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonArray(value: unknown): value is JsonArray {
  return Array.isArray(value)
}

/** Digits enough that an integer may not fit a double. In a string it only costs the slower parser. */
const longNumber = /\d{16}/

/**
 * Parses JSON as ComfyUI writes it. Integers beyond 2^53 become `bigint`; the bare `NaN`, `Infinity` and
 * `-Infinity` that Python's encoder puts out become `null`. Throws SyntaxError on anything else that is
 * not JSON.
 */
export function parseJson(text: string): JsonValue {
  if (longNumber.test(text)) return parseExact(text)
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return JSON.parse(withoutPythonLiterals(text)) as JsonValue
  }
}

/**
 * Parses strict JSON: as `parseJson`, but `NaN` and `Infinity` are errors, as they are in a user's own file.
 */
export function parseStrictJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue
  return longNumber.test(text) ? parseExact(text) : value
}

function parseExact(text: string): JsonValue {
  try {
    return parseLossless(text, undefined, { parseNumber: exactNumber }) as JsonValue
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return parseLossless(withoutPythonLiterals(text), undefined, { parseNumber: exactNumber }) as JsonValue
  }
}

function exactNumber(digits: string): number | bigint {
  const value = Number(digits)
  if (Number.isSafeInteger(value) || !/^-?\d+$/.test(digits)) return value
  return BigInt(digits)
}

/** Replaces NaN and Infinity outside strings by null. */
function withoutPythonLiterals(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/gs, (part) =>
    part.startsWith('"') ? part : 'null',
  )
}

/** Writes JSON with every `bigint` as its exact digits. `indent` as in JSON.stringify. */
export function stringifyJson(value: unknown, indent?: number): string {
  return stringifyLossless(value, undefined, indent) ?? 'null'
}
