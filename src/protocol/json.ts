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

/** Values in values, this many deep, are an attack on the stack of whoever walks them: nothing honest comes near. */
const mostDeep = 1000

/** Far beyond 64 bits. To read an integer takes about the square of its length. */
const mostDigits = 1000

/** Digits enough that an integer may not fit a double. In a string it only costs the slower parser. */
const longNumber = /\d{16}/

/**
 * Parses JSON as ComfyUI writes it. Integers beyond 2^53 become `bigint`; the bare `NaN`, `Infinity` and
 * `-Infinity` that Python's encoder puts out become `null`. Throws SyntaxError on anything else that is
 * not JSON, or is nested more than 1000 deep.
 */
export function parseJson(text: string): JsonValue {
  refuseDepth(text)
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
  refuseDepth(text)
  const value = JSON.parse(text) as JsonValue
  return longNumber.test(text) ? parseExact(text) : value
}

/** Before it is parsed: each level costs the parser a hundred bytes for one, and walkers a call on the stack. */
function refuseDepth(text: string): void {
  if (text.length <= mostDeep) return
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === openBracket || code === openBrace) {
      depth += 1
      if (depth > mostDeep) throw new SyntaxError(`nested more than ${mostDeep} deep at position ${at}`)
    } else if (code === closeBracket || code === closeBrace) depth -= 1
  }
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Where the quote stands that ends the string at `start`; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes += 1
    if (slashes % 2 === 0) return at
  }
  return text.length
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
  if (Number.isSafeInteger(value) || digits.length > mostDigits || !/^-?\d+$/.test(digits)) return value
  return BigInt(digits)
}

/** Replaces NaN and Infinity outside strings by null. A string that is not closed takes the rest, once. */
function withoutPythonLiterals(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|$)|-?Infinity|NaN/gs, (part) =>
    part.startsWith('"') ? part : 'null',
  )
}

/** Writes JSON with every `bigint` as its exact digits. `indent` as in JSON.stringify. */
export function stringifyJson(value: unknown, indent?: number): string {
  if (indent !== undefined) return stringifyLossless(value, undefined, indent) ?? 'null'
  try {
    return JSON.stringify(value) ?? 'null'
  } catch (error) {
    // Few values hold a bigint, and without one this takes a tenth of the time.
    if (!(error instanceof TypeError && error.message.includes('BigInt'))) throw error
    return stringifyLossless(value) ?? 'null'
  }
}

/** Whether two values are the same JSON: `7` may be a number or a bigint. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true
  if (typeof a === 'string' || typeof b === 'string') return false
  return stringifyJson(a) === stringifyJson(b)
}
