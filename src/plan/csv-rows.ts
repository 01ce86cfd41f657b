import { ComfyRunError, type Where } from '../errors.ts'
import { fieldSpans } from './csv-fields.ts'
import { CsvScanner, type CsvFault, type CsvRecord } from './csv-records.ts'
import { Places } from '../places.ts'
import { makeRow, type Cell, type Row } from './row.ts'

/** Longer lines are not shown: they are data that no person reads. */
const longestLine = 2000

interface Header {
  readonly keys: readonly string[]
  readonly places: readonly Where[]
}

/**
 * Reads a table whose first row names the columns. Quoted fields may hold delimiters, quotes (doubled) and
 * line breaks; lines that begin with `#` are comments; empty cells and empty rows are left out. Without
 * `delimiter` it is the one of `,` `;` and tab that the header has most of. A row with a quote where there can be none,
 * or with more cells than the header, has a fault. Throws ComfyRunError `bad-row` for a header that is not CSV or
 * repeats a column's name, and for a quote that is never closed: after it nothing can be told.
 */
export async function* csvRows(
  file: string,
  pieces: AsyncIterable<string>,
  delimiter?: string,
): AsyncGenerator<Row> {
  let header: Header | undefined
  for await (const { records, delimiter: separator } of recordsOf(pieces, delimiter)) {
    for (const record of records) {
      const { fields, fault } = record
      if (fault && (!header || fault.kind === 'open-quote')) throw csvFault(file, record, fault, separator)
      if (!fault && fields.every((field) => field === '')) continue
      if (header) yield readRow(file, record, header, separator)
      else header = readHeader(file, record, separator)
    }
  }
  if (!header) {
    throw new ComfyRunError('bad-row', `${file} has no header: its first line must name the columns`, {
      hint: 'for example: prompt,seed,steps',
      where: { file, line: 1 },
    })
  }
}

function readHeader(file: string, record: CsvRecord, delimiter: string): Header {
  const locate = locator(file, record, delimiter)
  const keys = record.fields
  keys.forEach((key, column) => {
    const first = keys.indexOf(key)
    if (key === '' || first === column) return
    throw new ComfyRunError('bad-row', `two columns are called "${key}": ${first + 1} and ${column + 1}`, {
      where: locate(column, `column ${column + 1}`),
    })
  })
  return { keys, places: keys.map((key, column) => locate(column, `column "${key}"`)) }
}

function readRow(file: string, record: CsvRecord, header: Header, delimiter: string): Row {
  return makeRow(originOf(file, record), () => {
    if (record.fault) throw csvFault(file, record, record.fault, delimiter)
    return readCells(file, record, header, delimiter)
  })
}

class CsvCell implements Cell {
  readonly key: string
  readonly value: string
  readonly typed = false
  readonly keyWhere: Where
  readonly #column: number
  readonly #locate: Locate

  constructor(key: string, value: string, keyWhere: Where, column: number, locate: Locate) {
    this.key = key
    this.value = value
    this.keyWhere = keyWhere
    this.#column = column
    this.#locate = locate
  }

  /** Found when it is asked for, because places are costly and only read for messages. */
  get where(): Where {
    return this.#locate(this.#column, `column "${this.key}"`)
  }
}

function readCells(file: string, record: CsvRecord, { keys, places }: Header, delimiter: string): Cell[] {
  const locate = locator(file, record, delimiter)
  const cells: Cell[] = []
  for (let column = 0; column < record.fields.length; column++) {
    const value = record.fields[column] ?? ''
    if (value === '') continue
    const key = keys[column] ?? ''
    const keyWhere = places[column]
    if (key === '' || keyWhere === undefined) {
      throw new ComfyRunError('bad-row', `cell ${column + 1} of the row has no column in the header`, {
        hint: 'a text that holds the delimiter or a line break must stand in double quotes',
        where: locate(column, `cell ${column + 1}`),
      })
    }
    cells.push(new CsvCell(key, value, keyWhere, column, locate))
  }
  return cells
}

/** The record's first line. */
function originOf(file: string, { raw, line }: CsvRecord): Where {
  const end = raw.indexOf('\n')
  const text = (end < 0 ? raw : raw.slice(0, end)).replace(/\r$/, '')
  return { file, line, ...(text.length <= longestLine && { text }) }
}

type Locate = (column: number, label: string) => Where

function locator(file: string, { raw, line }: CsvRecord, delimiter: string): Locate {
  return (column, label) => {
    const spans = fieldSpans(raw, delimiter)
    const { start, end } = spans[column] ?? spans.at(-1) ?? { start: 0, end: 0 }
    return new Places(file, raw, line).at(start, end, label)
  }
}

/** All records, and the delimiter that they are cut at. */
async function* recordsOf(
  pieces: AsyncIterable<string>,
  fixedDelimiter: string | undefined,
): AsyncGenerator<{ readonly records: readonly CsvRecord[]; readonly delimiter: string }> {
  let delimiter = fixedDelimiter
  let scanner: CsvScanner | undefined
  let head = ''
  for await (const piece of pieces) {
    if (scanner) {
      yield { records: scanner.feed(piece), delimiter: delimiter ?? ',' }
      continue
    }
    head += piece
    if (headerLine(head) === undefined) continue
    delimiter ??= findDelimiter(head)
    scanner = new CsvScanner(delimiter)
    yield { records: scanner.feed(head), delimiter }
  }
  delimiter ??= findDelimiter(head)
  yield { records: scanner ? scanner.feed('', true) : new CsvScanner(delimiter).feed(head, true), delimiter }
}

function csvFault(
  file: string,
  record: CsvRecord,
  { kind, field }: CsvFault,
  delimiter: string,
): ComfyRunError {
  const { raw, line } = record
  const { start } = fieldSpans(raw, delimiter)[field] ?? { start: 0 }
  const where = new Places(file, raw, line).at(start, start + 1, `cell ${field + 1}`)
  return kind === 'open-quote'
    ? new ComfyRunError('bad-row', 'the double quote that opens here is never closed', { where })
    : new ComfyRunError('bad-row', 'a double quote stands where CSV allows none', {
        where,
        hint: 'put the whole text in double quotes, and double each quote inside it',
      })
}

/** The first line that is neither empty nor a comment; undefined as long as its end is not there. */
function headerLine(text: string): string | undefined {
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    const line = text.slice(start, end)
    if (line.trim() !== '' && !line.startsWith('#')) return line
    start = end + 1
  }
  return undefined
}

function findDelimiter(text: string): string {
  const line = headerLine(`${text}\n`) ?? ''
  const outsideQuotes = line.replaceAll(/"[^"]*"/g, '')
  const count = (delimiter: string): number => outsideQuotes.split(delimiter).length
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best))
}
