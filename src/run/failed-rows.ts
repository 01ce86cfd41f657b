import { stat } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { ComfyRunError } from '../errors.ts'
import type { RowFormat } from '../plan/row-format.ts'
import { readRows } from '../plan/rows.ts'
import { copyJson } from './failed-rows/copy-json.ts'
import { copyLines } from './failed-rows/copy-lines.ts'
import {
  formatExtensions,
  hasByteOrderMark,
  sourceFormat,
  sourceText,
  wholeText,
} from './failed-rows/jobs-source.ts'
import { movePaths } from './failed-rows/moved-paths.ts'
import { replaceOwn } from './failed-rows/replace-own.ts'
import { writeYaml } from './failed-rows/write-yaml.ts'

/** Where rows came from, and where those that failed go. */
export interface FailedOut {
  /** The jobs file, or `-` for stdin. */
  readonly source: string
  /** The file to write, as `--failed-out` names it. */
  readonly out: string
  /** Default: this process's own. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

/** The rows to be written. */
export interface FailedRows extends FailedOut {
  /** The numbers of rows with a failed job, as `FailedRowWatch` finds them. */
  readonly failed: ReadonlySet<number>
  /** The folder for the run's records: there it is remembered which files are ours to replace. */
  readonly records: string
  /** What `checkFailedOut` gave: shows whether the jobs file is still the one that was run. */
  readonly stamp?: SourceStamp
}

/** What changes if a file is edited. */
export interface SourceStamp {
  readonly bytes: number
  /** In milliseconds since 1970. */
  readonly changed: number
}

/**
 * Checks before a run that failed rows could be written: `source` must be a jobs file, and `out` another file of the same
 * format, so that it can be run in its place. Gives the stamp of the jobs file, unless it is stdin. Throws `bad-option`.
 */
export async function checkFailedOut({
  source,
  out,
  stdin = process.stdin,
}: FailedOut): Promise<SourceStamp | undefined> {
  await formatFor({ source, out, stdin })
  const [from, to] = await Promise.all([source, out].map(async (path) => stat(path).catch(() => undefined)))
  if (to?.isDirectory()) throw new ComfyRunError('bad-option', `--failed-out ${out} is a folder, not a file`)
  if (source !== '-' && from && to && from.ino === to.ino && from.dev === to.dev) {
    throw new ComfyRunError('bad-option', `--failed-out ${out} is the jobs file itself`, {
      hint: 'name another file: the rows that succeed would be lost',
    })
  }
  return stampOf(source)
}

async function stampOf(source: string): Promise<SourceStamp | undefined> {
  if (source === '-') return undefined
  const { size, mtimeMs } = await stat(source)
  return { bytes: size, changed: mtimeMs }
}

/**
 * Writes the rows that failed, in the format of their file and with everything that stands before its rows, so that
 * they can be mended and run again. The file is read anew: memory grows with the failed rows only (JSON, YAML and stdin
 * are in memory as a whole). Relative paths are adapted to the folder of `out`. A file at `out` is replaced only if it
 * is ours and unchanged; else the new one gets a number. Returns its path, undefined if nothing failed. Throws
 * `disk-failed`, `bad-option`, `file-unreadable` if the jobs file was edited meanwhile, and what reading it throws.
 */
export async function writeFailedRows(rows: FailedRows): Promise<string | undefined> {
  const { source, out, failed, records, stdin = process.stdin } = rows
  if (failed.size === 0) return undefined
  if (rows.stamp && !isDeepStrictEqual(rows.stamp, await stampOf(source))) {
    throw new ComfyRunError(
      'file-unreadable',
      `${source} was changed during the run: ${out} is not written`,
      {
        hint: 'run the same command again: jobs that are done are not repeated',
      },
    )
  }
  const format = await formatFor({ source, out, stdin })
  return replaceOwn(out, await textOf(format, { source, out, failed, stdin }), records)
}

async function textOf(
  format: RowFormat,
  { source, out, failed, stdin }: Required<Omit<FailedRows, 'records' | 'stamp'>>,
): Promise<AsyncIterable<string> | Iterable<string>> {
  const move = movePaths(source === '-' ? '.' : dirname(source), dirname(out))
  const rows = readRows(source, stdin)
  if (format === 'json') return [copyJson(await wholeText(source, stdin), failed, move)]
  if (format === 'yaml') return [await writeYaml(rows, failed, move)]
  const mark = (await hasByteOrderMark(source)) ? '\uFEFF' : ''
  const lines = copyLines({ format, text: sourceText(source, stdin), rows, wanted: failed, move })
  return mark === '' ? lines : chain(mark, lines)
}

async function* chain(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}

async function formatFor({ source, out, stdin }: Required<FailedOut>): Promise<RowFormat> {
  const format = await sourceFormat(source, stdin)
  if (format === undefined) {
    throw new ComfyRunError('bad-option', `--failed-out needs a jobs file, and ${source} is none`, {
      hint: 'failed jobs are named in the summary, and `--retry-failed` runs them again',
    })
  }
  const extensions = formatExtensions[format]
  if (extensions.includes(extname(out).toLowerCase())) return format
  throw new ComfyRunError('bad-option', `--failed-out ${out} must end in ${extensions.join(' or ')}`, {
    hint: `the failed rows are written as they were read: as ${format === 'text' ? 'text' : format.toUpperCase()}`,
  })
}
