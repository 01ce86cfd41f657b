/** One record of a CSV text. */
export interface CsvRecord {
  /** Texts of the fields: without quotes, and without blanks around them. */
  readonly fields: readonly string[]
  /** The record as it stands in the file, with its line break. */
  readonly raw: string
  /** The line that it begins on, from 1. */
  readonly line: number
  /** What is wrong with it; then `fields` are those before. */
  readonly fault?: CsvFault
}

/** A quote where there can be none, or one that is never closed. */
export interface CsvFault {
  readonly kind: 'stray-quote' | 'open-quote'
  /** The faulty field's number, from 0. */
  readonly field: number
}

/**
 * Cuts a CSV text, fed in pieces, into records (RFC 4180, with blanks around fields, and lines that begin with `#` as
 * comments). Records without quotes are only split, which is most of what makes plans quick. A record with a stray quote
 * ends with its line; an open quote takes the rest of the text.
 */
export class CsvScanner {
  readonly #delimiter: string
  #rest = ''
  #line = 1
  /** A record that was not complete is not scanned again before so much text is there: else time grew with its square. */
  #enough = 0

  constructor(delimiter: string) {
    this.#delimiter = delimiter
  }

  /** The records that are complete with this piece; with `isLast`, all that are left. */
  feed(piece: string, isLast = false): CsvRecord[] {
    const text = this.#rest === '' ? piece : this.#rest + piece
    const records: CsvRecord[] = []
    let at = 0
    if (isLast || text.length >= this.#enough) {
      while (at < text.length) {
        const end = this.#scan(text, at, isLast, records)
        if (end < 0) break
        at = end
      }
      this.#enough = (text.length - at) * 2
    }
    this.#rest = text.slice(at)
    return records
  }

  /** Scans what begins at `start`, and gives where it ends; -1 if its end is not there. */
  #scan(text: string, start: number, isLast: boolean, records: CsvRecord[]): number {
    const lineEnd = text.indexOf('\n', start)
    if (lineEnd < 0 && !isLast) return -1
    const end = lineEnd < 0 ? text.length : lineEnd + 1
    const raw = text.slice(start, end)
    if (raw.startsWith('#')) {
      this.#line++
    } else if (raw.includes('"')) {
      return this.#scanQuoted(text, start, isLast, records)
    } else {
      const fields = raw.split(this.#delimiter)
      for (let index = 0; index < fields.length; index++) fields[index] = trimmed(fields[index] ?? '')
      records.push({ fields, raw, line: this.#line++ })
    }
    return end
  }

  #scanQuoted(text: string, start: number, isLast: boolean, records: CsvRecord[]): number {
    const fields: string[] = []
    const line = this.#line
    const finish = (end: number, kind?: CsvFault['kind']): number => {
      const raw = text.slice(start, end)
      this.#line += countLines(raw)
      records.push({ fields, raw, line, ...(kind && { fault: { kind, field: fields.length } }) })
      return end
    }
    const stray = (from: number): number => {
      const end = text.indexOf('\n', from)
      if (end < 0 && !isLast) return -1
      return finish(end < 0 ? text.length : end + 1, 'stray-quote')
    }
    for (let at = start; ;) {
      while (isBlank(text[at]) && text[at] !== this.#delimiter) at++
      let end: number
      if (text[at] === '"') {
        const close = closingQuote(text, at)
        // Of a quote that ends the text so far, the second of its pair may still come.
        if (!isLast && (close < 0 || close === text.length - 1)) return -1
        if (close < 0) return finish(text.length, 'open-quote')
        end = close + 1
        while (isBlank(text[end]) && text[end] !== this.#delimiter) end++
        if (end < text.length && text[end] !== this.#delimiter && text[end] !== '\n') {
          return stray(end)
        }
        fields.push(text.slice(at + 1, close).replaceAll('""', '"'))
      } else {
        end = endOfPlain(text, at, this.#delimiter)
        if (end < 0 && !isLast) return -1
        if (end < 0) end = text.length
        const field = text.slice(at, end)
        if (field.includes('"')) return stray(end)
        fields.push(trimmed(field))
      }
      if (end >= text.length && !isLast) return -1
      if (text[end] !== this.#delimiter) return finish(Math.min(text.length, end + 1))
      at = end + 1
    }
  }
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

/** Where an unquoted field ends: at a delimiter or a line break; -1 if neither is there. */
function endOfPlain(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at++) if (text[at] === delimiter || text[at] === '\n') return at
  return -1
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\f'
}

/** `trim` for the few that need it: most fields have no blanks at their ends. */
function trimmed(field: string): string {
  const last = field.length - 1
  return last < 0 || (field.charCodeAt(0) > 32 && field.charCodeAt(last) > 32)
    ? field
    : field.replace(/^[ \t\r\n\f]+|[ \t\r\n\f]+$/g, '')
}
