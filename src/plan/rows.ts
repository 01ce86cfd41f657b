import { extname } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { csvRows } from './csv-rows.ts'
import { jsonLinesRows, jsonRows } from './json-rows.ts'
import type { Row } from './row.ts'
import { sniffFormat, type RowFormat } from './row-format.ts'
import { readStdin } from './stdin.ts'
import { readTextFile, stdinName } from './text-source.ts'
import { textRows } from './text-rows.ts'

const formats: Readonly<Record<string, RowFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.txt': 'text',
}

/**
 * The rows of a jobs file: .csv, .tsv, .json, .jsonl/.ndjson, .yaml/.yml, .txt, or `-` for stdin, whose format
 * is found by looking at it (as for a file without an extension). The result can be walked again and again;
 * each walk reads the file anew, as a stream where the format allows it (not JSON and YAML). Walking throws
 * ComfyRunError where nothing more can be read: `file-not-found`, `file-unreadable`, `bad-option` (an extension we
 * do not read), `not-json`, `bad-row`. A row whose form is wrong but that can be skipped carries its `fault`. `name` is what
 * messages call stdin.
 */
export function readRows(
  source: string,
  stdin: AsyncIterable<Uint8Array> = process.stdin,
  name: string = stdinName,
): AsyncIterable<Row> {
  return {
    [Symbol.asyncIterator]: () => {
      if (source === '-') return rowsOf(name, () => readStdin(stdin, name))
      const format = formatOf(source)
      // With nothing between: tables have a million rows.
      if (format === 'csv') return csvRows(source, readTextFile(source))
      return rowsOf(source, () => readTextFile(source), format)
    },
  }
}

function formatOf(file: string): RowFormat | undefined {
  const extension = extname(file).toLowerCase()
  const format = formats[extension]
  if (format !== undefined || extension === '') return format
  throw new ComfyRunError('bad-option', `${file} is no jobs file: comfy-run does not read ${extension}`, {
    hint: `jobs can be ${Object.keys(formats).join(', ')}`,
  })
}

async function* rowsOf(
  file: string,
  open: () => AsyncIterable<string>,
  knownFormat?: RowFormat,
): AsyncGenerator<Row> {
  const format = knownFormat ?? sniffFormat(await join(open()))
  switch (format) {
    case 'csv':
      return yield* csvRows(file, open())
    case 'tsv':
      return yield* csvRows(file, open(), '\t')
    case 'json':
      return yield* jsonRows(file, await join(open()))
    case 'jsonl':
      return yield* jsonLinesRows(file, open())
    case 'yaml': {
      const { yamlRows } = await import('./yaml-rows.ts')
      return yield* yamlRows(file, await join(open()))
    }
    case 'text':
      return yield* textRows(file, open)
  }
}

async function join(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
