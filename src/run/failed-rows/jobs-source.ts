import { open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { sniffFormat, type RowFormat } from '../../plan/row-format.ts'
import { readStdin } from '../../plan/stdin.ts'
import { readTextFile } from '../../plan/text-source.ts'

/** The extensions of each format, the usual one first. */
export const formatExtensions: Readonly<Record<RowFormat, readonly string[]>> = {
  csv: ['.csv'],
  tsv: ['.tsv'],
  json: ['.json'],
  jsonl: ['.jsonl', '.ndjson'],
  yaml: ['.yaml', '.yml'],
  text: ['.txt'],
}

/** The text that rows were read from: of a file, or of stdin (`-`), which is kept in memory. */
export function sourceText(source: string, stdin: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  return source === '-' ? readStdin(stdin) : readTextFile(source)
}

/**
 * The format of a jobs file; undefined for what is none: a saved plan, a folder, a pattern, an extension that is not
 * read.
 */
export async function sourceFormat(
  source: string,
  stdin: AsyncIterable<Uint8Array>,
): Promise<RowFormat | undefined> {
  const info = source === '-' ? undefined : await stat(source).catch(() => undefined)
  if (info?.isDirectory() || /\.plan\.jsonl$/i.test(source)) return undefined
  const extension = extname(source).toLowerCase()
  if (extension === '' && !/[*?[{]/.test(source)) return sniffFormat(await wholeText(source, stdin))
  const formats = Object.keys(formatExtensions) as RowFormat[]
  return formats.find((format) => formatExtensions[format].includes(extension))
}

/** All of the text. */
export async function wholeText(source: string, stdin: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const piece of sourceText(source, stdin)) text += piece
  return text
}

/** Whether a file begins with a byte order mark; without one, Excel takes a CSV for another encoding. */
export async function hasByteOrderMark(source: string): Promise<boolean> {
  if (source === '-') return false
  const file = await open(source)
  try {
    const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0)
    return /^(?:efbbbf|fffe|feff)/.test(buffer.toString('hex'))
  } finally {
    await file.close()
  }
}
