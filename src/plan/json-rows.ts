import { ComfyRunError } from '../errors.ts'
import { parseStrictJson } from '../protocol/json.ts'
import { JsonFault, scanDocument, scanValue, type Scanned, type Span } from '../protocol/json-scan.ts'
import { lines } from './lines.ts'
import { Places } from '../places.ts'
import { notAJob, notJobs, repeatedKey, strayKey } from './row-faults.ts'
import { makeRow, withShared, type Cell, type Row } from './row.ts'

/**
 * Reads jobs from JSON: an array of objects or of strings (prompts), or `{"defaults": {...}, "jobs": [...]}`.
 * A key whose value is `null` counts as absent. A job that is neither object nor string, or has a key twice, has a
 * fault. Throws ComfyRunError `not-json` or `bad-row`.
 */
export function* jsonRows(file: string, text: string): Generator<Row> {
  const source: Source = { text, places: new Places(file, text) }
  const document = scan(source, () => scanDocument(text))
  const { jobs, defaults } = findJobs(source, document)
  const shared = defaults ? cellsOf(source, defaults, true) : []
  for (const item of jobs) yield readRow(source, item, shared)
}

/** Reads JSON lines: on each line an object, or a string (a prompt); any other has a fault. Empty lines are left out. */
export async function* jsonLinesRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const { text, number } of lines(pieces)) {
    if (text.trim() === '') continue
    const source: Source = { text, places: new Places(file, text, number) }
    yield makeRow(source.places.lineAt(0), () =>
      cellsOf(
        source,
        scan(source, () => scanDocument(text)),
        false,
      ),
    )
  }
}

interface Source {
  readonly text: string
  readonly places: Places
}

function findJobs(source: Source, document: Scanned): { jobs: readonly Span[]; defaults?: Span } {
  if (document.kind === 'array') return { jobs: document.items }
  const where = source.places.at(document.start, document.start + 1)
  if (document.kind !== 'object') throw notJobs(where)
  const entry = (key: string): Span | undefined => document.entries.find((one) => one.key === key)?.valueSpan
  const list = entry('jobs')
  if (!list) throw notJobs(where)
  const stray = document.entries.find(({ key }) => key !== 'jobs' && key !== 'defaults')
  if (stray) {
    const place = source.places.at(stray.keySpan.start, stray.keySpan.end, `key "${stray.key}"`)
    throw strayKey(stray.key, place)
  }
  const jobs = scanValue(source.text, list.start)
  if (jobs.kind !== 'array') throw notJobs(source.places.at(list.start, list.start + 1, 'key "jobs"'))
  return { jobs: jobs.items, defaults: entry('defaults') }
}

function readRow(source: Source, span: Span, shared: readonly Cell[]): Row {
  return makeRow(source.places.lineAt(span.start), () => withShared(cellsOf(source, span, false), shared))
}

function cellsOf(source: Source, span: Span, shared: boolean): Cell[] {
  const { text, places } = source
  const value = scan(source, () => scanValue(text, span.start))
  if (value.kind === 'string' && !shared) {
    const where = places.at(value.start, value.end, 'prompt')
    return [{ key: 'prompt', value: valueOf(text, value), typed: true, where, keyWhere: where }]
  }
  if (value.kind !== 'object') throw notAJob(places.at(value.start, value.end))
  const seen = new Set<string>()
  return value.entries.flatMap(({ key, keySpan, valueSpan }): Cell[] => {
    const label = `key "${key}"`
    if (seen.has(key)) throw repeatedKey(key, places.at(keySpan.start, keySpan.end, label))
    seen.add(key)
    const cellValue = valueOf(text, valueSpan)
    if (cellValue === null) return []
    return [
      {
        key,
        value: cellValue,
        typed: true,
        ...(shared && { shared }),
        // Getters, because places are costly and only read for messages.
        get where() {
          return places.at(valueSpan.start, valueSpan.end, label)
        },
        get keyWhere() {
          return places.at(keySpan.start, keySpan.end, label)
        },
      },
    ]
  })
}

function valueOf(text: string, span: Span): Cell['value'] {
  return parseStrictJson(text.slice(span.start, span.end))
}

function scan(source: Source, work: () => Scanned): Scanned {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const where = source.places.at(error.offset, error.offset + 1)
    throw new ComfyRunError('not-json', `not JSON: ${error.message}`, { where })
  }
}
