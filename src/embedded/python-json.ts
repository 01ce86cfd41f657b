import type { JsonValue } from '../protocol/json.ts'

/**
 * A number that Python would write with a point: `1.0` where JavaScript writes `1`. Only the writer knows it;
 * it is made where ComfyUI is known to hold a float.
 */
export class PythonFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  toJSON(): number {
    return this.value
  }
}

/**
 * What `writePython` takes: JSON, with floats marked where it matters and absent keys left out. A Map is written
 * as an object in its own order, where a JavaScript object would put keys like `10` first.
 */
export type Writable =
  | JsonValue
  | PythonFloat
  | undefined
  | readonly Writable[]
  | ReadonlyMap<string, Writable>
  | { readonly [key: string]: Writable }

/**
 * Parses JSON as Python's decoder does: `NaN`, `Infinity` and `-Infinity` are numbers, and integers beyond 2^53
 * stay exact (`bigint`). Throws SyntaxError.
 */
export function parsePython(text: string): JsonValue {
  const parser = new Parser(text)
  const value = parser.value()
  parser.end()
  return value
}

/**
 * Writes JSON as Python's encoder does: `", "` and `": "`, everything beyond ASCII as `\u` escapes, and bare
 * `NaN` and `Infinity`, which are not JSON.
 */
export function writePython(value: Writable): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return writeNumber(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof PythonFloat) return writeFloat(value.value)
  if (isList(value)) return `[${value.map(writePython).join(', ')}]`
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const parts = (entries as Array<[string, Writable]>).flatMap(([key, item]) =>
    item === undefined ? [] : [`${quote(key)}: ${writePython(item)}`],
  )
  return `{${parts.join(', ')}}`
}

function isList(value: unknown): value is readonly Writable[] {
  return Array.isArray(value)
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A float as Python writes it in JSON: `1.0`, `NaN`, `Infinity`. */
function writeFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : writeNumber(value)
}

function writeNumber(value: number): string {
  return Object.is(value, -0) ? '0' : String(value)
}

const space = /[ \t\n\r]*/y
const numberLiteral = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const stringLiteral = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y
const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])
const word = /-?[A-Za-z]+/y

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): JsonValue {
    this.#match(space)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object()
    if (first === '[') return this.#list()
    if (first === '"') return this.#string()
    const number = this.#match(numberLiteral)
    if (number !== undefined) return numberOf(number)
    const literal = words.get(this.#match(word) ?? '')
    return literal === undefined ? this.#fail() : literal
  }

  end(): void {
    this.#match(space)
    if (this.#at < this.#text.length) this.#fail()
  }

  #object(): JsonValue {
    const entries: Array<[string, JsonValue]> = []
    this.#at++
    if (this.#take('}')) return {}
    do {
      this.#match(space)
      const key = this.#string()
      if (!this.#take(':')) this.#fail()
      entries.push([key, this.value()])
    } while (this.#take(','))
    if (!this.#take('}')) this.#fail()
    return Object.fromEntries(entries)
  }

  #list(): JsonValue {
    const items: JsonValue[] = []
    this.#at++
    if (this.#take(']')) return items
    do items.push(this.value())
    while (this.#take(','))
    if (!this.#take(']')) this.#fail()
    return items
  }

  #string(): string {
    const literal = this.#match(stringLiteral)
    return literal === undefined ? this.#fail() : (JSON.parse(literal) as string)
  }

  #take(sign: string): boolean {
    this.#match(space)
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #fail(): never {
    throw new SyntaxError(`not JSON at character ${this.#at}`)
  }
}

function numberOf(literal: string): number | bigint {
  const value = Number(literal)
  return Number.isSafeInteger(value) || /[.eE]/.test(literal) ? value : BigInt(literal)
}
