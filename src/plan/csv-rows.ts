import { parse, type CsvError, type Parser } from 'csv-parse'
import { ComfyRunError, type Where } from '../errors.ts'
import { fieldSpans } from './csv-fields.ts'
import { Places } from '../places.ts'
import { makeRow, type Cell, type Row } from './row.ts'

interface CsvRecord {
  readonly fields: readonly string[]
  /** All of the file's text that belongs to the record, with the comment lines before it. */
  readonly raw: string
  readonly firstLine: number
}

interface Header {
  readonly keys: readonly string[]
  readonly places: readonly Where[]
}

/**
 * Reads a table whose first row names the columns. Quoted fields may hold delimiters, quotes (doubled) and
 * line breaks; lines that begin with `#` are comments; empty cells and empty rows are left out. Without
 * `delimiter` it is the one of `,` `;` and tab that the header has most of. A row with more cells than the header
 * has a fault. Throws ComfyRunError `bad-row` at the first line that is not CSV or repeats a column's name.
 */
export async function* csvRows(
  file: string,
  pieces: AsyncIterable<string>,
  delimiter?: string,
): AsyncGenerator<Row> {
  let header: Header | undefined
  let separator = delimiter ?? ','
  for await (const record of records(file, pieces, delimiter, (found) => (separator = found))) {
    if (record.fields.every((field) => field === '')) continue
    if (header) yield readRow(file, record, header, separator)
    else header = readHeader(file, record, separator)
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
  return makeRow(originOf(file, record, delimiter), () => readCells(file, record, header, delimiter))
}

function readCells(file: string, record: CsvRecord, { keys, places }: Header, delimiter: string): Cell[] {
  const locate = locator(file, record, delimiter)
  const cells: Cell[] = []
  record.fields.forEach((value, column) => {
    if (value === '') return
    const key = keys[column] ?? ''
    const keyWhere = places[column]
    if (key === '' || keyWhere === undefined) {
      throw new ComfyRunError('bad-row', `cell ${column + 1} of the row has no column in the header`, {
        hint: 'a text that holds the delimiter or a line break must stand in double quotes',
        where: locate(column, `cell ${column + 1}`),
      })
    }
    cells.push({
      key,
      value,
      typed: false,
      keyWhere,
      // A getter, because places are costly and only read for messages.
      get where() {
        return locate(column, `column "${key}"`)
      },
    })
  })
  return cells
}

function originOf(file: string, record: CsvRecord, delimiter: string): Where {
  const start = fieldSpans(record.raw, delimiter)[0]?.start ?? 0
  return new Places(file, record.raw, record.firstLine).lineAt(start)
}

type Locate = (column: number, label: string) => Where

function locator(file: string, { raw, firstLine }: CsvRecord, delimiter: string): Locate {
  return (column, label) => {
    const spans = fieldSpans(raw, delimiter)
    const { start, end } = spans[column] ?? spans.at(-1) ?? { start: 0, end: 0 }
    return new Places(file, raw, firstLine).at(start, end, label)
  }
}

/** All records, each with the text it came from. A fault in the file is thrown after the records before it. */
async function* records(
  file: string,
  pieces: AsyncIterable<string>,
  fixedDelimiter: string | undefined,
  onDelimiter: (delimiter: string) => void,
): AsyncGenerator<CsvRecord> {
  let parser: Parser | undefined
  let delimiter = fixedDelimiter ?? ','
  let line = 1
  let pending = ''
  let ready: { fields: readonly string[]; raw: string }[] = []
  const open = (): Parser => {
    delimiter = fixedDelimiter ?? findDelimiter(pending)
    onDelimiter(delimiter)
    return csvParser(delimiter, (fields, raw) => ready.push({ fields, raw }))
  }
  const drain = function* (): Generator<CsvRecord> {
    for (const { fields, raw } of ready) {
      yield { fields, raw, firstLine: line }
      line += raw.split('\n').length - 1
    }
    ready = []
  }
  for await (const piece of pieces) {
    pending += piece
    if (!parser && headerLine(pending) === undefined) continue
    parser ??= open()
    const failure = await feed(parser, pending)
    pending = ''
    yield* drain()
    if (failure) throw csvFault(failure, file, line, delimiter)
  }
  parser ??= open()
  const failure = (pending === '' ? undefined : await feed(parser, pending)) ?? (await finish(parser))
  yield* drain()
  if (failure) throw csvFault(failure, file, line, delimiter)
}

function csvParser(delimiter: string, onRecord: (fields: readonly string[], raw: string) => void): Parser {
  const parser = parse({
    delimiter,
    comment: '#',
    comment_no_infix: true,
    relax_column_count: true,
    trim: true,
    raw: true,
    // Of the two characters of `\r\n` the parser would keep one in `raw`; the other is trimmed as a blank.
    record_delimiter: '\n',
    on_record: (parsed) => {
      const { record, raw } = parsed as unknown as { record: string[]; raw: string }
      onRecord(record, raw)
      return null
    },
  })
  // Failures come back from `feed` and `finish`; without a listener they would end the process.
  parser.on('error', () => undefined)
  parser.resume()
  return parser
}

function feed(parser: Parser, text: string): Promise<CsvError | undefined> {
  return new Promise((resolve) => {
    parser.write(text, (error) => resolve((error as CsvError | null) ?? undefined))
  })
}

function finish(parser: Parser): Promise<CsvError | undefined> {
  return new Promise((resolve) => {
    parser.once('error', (error) => resolve(error as CsvError))
    parser.once('end', () => resolve(undefined))
    parser.end()
  })
}

/** What the parser says of a broken record, in our words. The record begins on line `line`. */
function csvFault(error: CsvError, file: string, line: number, delimiter: string): ComfyRunError {
  const raw = typeof error['raw'] === 'string' ? error['raw'] : ''
  const column = typeof error['column'] === 'number' ? error['column'] : 0
  const spans = fieldSpans(raw, delimiter)
  const span = spans[column] ?? spans.at(-1)
  const where = new Places(file, raw, line).at(span?.start ?? 0, (span?.start ?? 0) + 1, `cell ${column + 1}`)
  const options = { where, cause: error }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return new ComfyRunError('bad-row', 'the double quote that opens here is never closed', options)
  }
  return new ComfyRunError('bad-row', 'a double quote stands where CSV allows none', {
    ...options,
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
