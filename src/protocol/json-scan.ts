/** A part of a JSON text: `text.slice(start, end)`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One `"key": value` of an object. */
export interface Entry {
  readonly key: string
  readonly keySpan: Span
  readonly valueSpan: Span
}

/** A value, with the places of its direct children. */
export type Scanned =
  | (Span & { readonly kind: 'object'; readonly entries: readonly Entry[] })
  | (Span & { readonly kind: 'array'; readonly items: readonly Span[] })
  | (Span & { readonly kind: 'string' | 'number' | 'literal' })

/** Thrown at the first character that strict JSON does not allow there. */
export class JsonFault extends Error {
  /** Index into the text that was scanned. */
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

/**
 * Scans the JSON value at `start` (blanks before it are skipped) and says where it and its direct children
 * stand; JSON.parse keeps no places. `depth` is how many values it stands in. Throws JsonFault.
 */
export function scanValue(text: string, start = 0, depth = 0): Scanned {
  const at = skipBlanks(text, start)
  const first = text[at]
  if (depth > mostDeep) throw new JsonFault(at, `here values are nested more than ${mostDeep} deep`)
  if (first === '{') return scanObject(text, at, depth)
  if (first === '[') return scanArray(text, at, depth)
  if (first === '"') return { kind: 'string', start: at, end: endOfString(text, at) }
  const number = match(numberPattern, text, at)
  if (number !== undefined) return { kind: 'number', start: at, end: number }
  const literal = match(literalPattern, text, at)
  if (literal !== undefined) return { kind: 'literal', start: at, end: literal }
  throw new JsonFault(at, `here a value must stand, but there is ${found(text, at)}`)
}

/** As `scanValue`, for a text that holds one value and nothing after it. */
export function scanDocument(text: string): Scanned {
  const value = scanValue(text)
  const rest = skipBlanks(text, value.end)
  if (rest < text.length) throw new JsonFault(rest, `the JSON ends before ${found(text, rest)}`)
  return value
}

/** As when JSON is parsed: deeper values would use up the stack. */
const mostDeep = 1000

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literalPattern = /(?:true|false|null)\b/y
const blankPattern = /[ \t\r\n]*/y
const stringPattern =
  // eslint-disable-next-line no-control-regex -- JSON forbids exactly these inside strings
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y

function scanObject(text: string, start: number, depth: number): Scanned {
  const entries: Entry[] = []
  const end = scanList(text, start, '}', (at) => {
    if (text[at] !== '"') throw new JsonFault(at, `here a "key" must stand, but there is ${found(text, at)}`)
    const keyEnd = endOfString(text, at)
    const colon = skipBlanks(text, keyEnd)
    if (text[colon] !== ':') throw new JsonFault(colon, `a ":" is missing before ${found(text, colon)}`)
    const { start: valueStart, end: valueEnd } = scanValue(text, colon + 1, depth + 1)
    const key = JSON.parse(text.slice(at, keyEnd)) as string
    const [keySpan, valueSpan] = [
      { start: at, end: keyEnd },
      { start: valueStart, end: valueEnd },
    ]
    entries.push({ key, keySpan, valueSpan })
    return valueEnd
  })
  return { kind: 'object', start, end, entries }
}

function scanArray(text: string, start: number, depth: number): Scanned {
  const items: Span[] = []
  const end = scanList(text, start, ']', (at) => {
    const { start: itemStart, end: itemEnd } = scanValue(text, at, depth + 1)
    items.push({ start: itemStart, end: itemEnd })
    return itemEnd
  })
  return { kind: 'array', start, end, items }
}

/** Scans what stands between brackets; `scanItem` takes an item's start and gives its end. */
function scanList(text: string, open: number, close: string, scanItem: (at: number) => number): number {
  let at = skipBlanks(text, open + 1)
  if (text[at] === close) return at + 1
  for (;;) {
    at = skipBlanks(text, scanItem(at))
    if (text[at] === close) return at + 1
    if (text[at] !== ',') {
      throw new JsonFault(at, `here "," or "${close}" must stand, but there is ${found(text, at)}`)
    }
    at = skipBlanks(text, at + 1)
    if (text[at] === close) throw new JsonFault(at, `a value is missing between "," and "${close}"`)
  }
}

function endOfString(text: string, start: number): number {
  const end = match(stringPattern, text, start)
  if (end !== undefined) return end
  throw new JsonFault(
    start,
    'this text is not a JSON string: its end, or the escape of a character, is missing',
  )
}

function skipBlanks(text: string, at: number): number {
  return match(blankPattern, text, at) ?? at
}

/** Where a sticky pattern's match at `at` ends. */
function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}

function found(text: string, at: number): string {
  const character = text.codePointAt(at)
  return character === undefined ? 'the end of the text' : JSON.stringify(String.fromCodePoint(character))
}
