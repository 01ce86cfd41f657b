import { ComfyRunError, type Where } from '../errors.ts'
import { fieldSpans } from './csv-fields.ts'
import { CsvScanner, type CsvFault, type CsvRecord } from './csv-records.ts'
import { Places } from '../places.ts'
import type { Cell, Row } from './row.ts'

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
  let table: Table | undefined
  for await (const { records, delimiter: separator } of recordsOf(pieces, delimiter)) {
    for (const record of records) {
      const { fields, fault } = record
      if (fault && (!table || fault.kind === 'open-quote')) throw csvFault(file, record, fault, separator)
      if (!fault && fields.every((field) => field === '')) continue
      if (table) yield new CsvRow(table, record)
      else table = { file, header: readHeader(file, record, separator), delimiter: separator }
    }
  }
  if (!table) {
    throw new ComfyRunError('bad-row', `${file} has no header: its first line must name the columns`, {
      hint: 'for example: prompt,seed,steps',
      where: { file, line: 1 },
    })
  }
}

function readHeader(file: string, record: CsvRecord, delimiter: string): Header {
  const place = (column: number, label: string): Where => locate({ file, delimiter }, record, column, label)
  const keys = record.fields
  keys.forEach((key, column) => {
    const first = keys.indexOf(key)
    if (key === '' || first === column) return
    throw new ComfyRunError('bad-row', `two columns are called "${key}": ${first + 1} and ${column + 1}`, {
      where: place(column, `column ${column + 1}`),
    })
  })
  return { keys, places: keys.map((key, column) => place(column, `column "${key}"`)) }
}

/** What all rows of a table share. */
interface Table {
  readonly file: string
  readonly header: Header
  readonly delimiter: string
}

/** A row of a table. Its places are found when they are asked for: they are costly, and only read for messages. */
class CsvRow implements Row {
  readonly cells: readonly Cell[]
  readonly fault?: ComfyRunError
  readonly table: Table
  readonly #record: CsvRecord
  #origin: Where | undefined

  constructor(table: Table, record: CsvRecord) {
    this.table = table
    this.#record = record
    try {
      this.cells = this.#readCells()
    } catch (error) {
      if (!(error instanceof ComfyRunError)) throw error
      this.cells = []
      this.fault = error
    }
  }

  /** Its first line. */
  get origin(): Where {
    this.#origin ??= originOf(this.table.file, this.#record)
    return this.#origin
  }

  /** Where a cell stands. */
  locate(column: number, label: string): Where {
    return locate(this.table, this.#record, column, label)
  }

  #readCells(): Cell[] {
    const { file, header, delimiter } = this.table
    const { fields, fault } = this.#record
    if (fault) throw csvFault(file, this.#record, fault, delimiter)
    const cells: Cell[] = []
    for (let column = 0; column < fields.length; column++) {
      const value = fields[column] ?? ''
      if (value === '') continue
      if ((header.keys[column] ?? '') === '') throw this.#noColumn(column)
      cells.push(new CsvCell(this, column, value))
    }
    return cells
  }

  #noColumn(column: number): ComfyRunError {
    return new ComfyRunError('bad-row', `cell ${column + 1} of the row has no column in the header`, {
      hint: 'a text that holds the delimiter or a line break must stand in double quotes',
      where: this.locate(column, `cell ${column + 1}`),
    })
  }
}

class CsvCell implements Cell {
  readonly key: string
  readonly value: string
  readonly typed = false
  readonly #row: CsvRow
  readonly #column: number

  constructor(row: CsvRow, column: number, value: string) {
    this.key = row.table.header.keys[column] ?? ''
    this.value = value
    this.#row = row
    this.#column = column
  }

  get where(): Where {
    return this.#row.locate(this.#column, `column "${this.key}"`)
  }

  get keyWhere(): Where {
    return this.#row.table.header.places[this.#column] ?? this.where
  }
}

function originOf(file: string, { raw, line }: CsvRecord): Where {
  const end = raw.indexOf('\n')
  const text = (end < 0 ? raw : raw.slice(0, end)).replace(/\r$/, '')
  return { file, line, ...(text.length <= longestLine && { text }) }
}

function locate(
  { file, delimiter }: Pick<Table, 'file' | 'delimiter'>,
  { raw, line }: CsvRecord,
  column: number,
  label: string,
): Where {
  const spans = fieldSpans(raw, delimiter)
  const { start, end } = spans[column] ?? spans.at(-1) ?? { start: 0, end: 0 }
  return new Places(file, raw, line).at(start, end, label)
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
