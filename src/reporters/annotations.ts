import { relative, resolve, sep } from 'node:path'
import type { Where } from '../errors.ts'
import type { ErrorData, JobOrigin } from '../events.ts'
import { isInside } from '../is-inside.ts'
import { cleanBlock } from './clean-text.ts'

/** How many annotations of a kind GitHub shows for one step; it drops the others. */
export const mostAnnotations = 10

/** Places that are no files. */
const noFiles = new Set(['command line', 'stdin'])

/** What an annotation says, and where. */
interface Annotation {
  readonly level: 'error' | 'warning'
  readonly title: string
  readonly message: string
  readonly where?: Pick<Where, 'file' | 'line' | 'column'>
}

/**
 * An annotation as a workflow command of GitHub Actions, without a line break at its end. Files are named as they lie
 * in `workspace` (a folder; the repository's checkout), so that GitHub shows the fault in them.
 */
export function annotation({ level, title, message, where }: Annotation, workspace?: string): string {
  const properties: [string, string | number | undefined][] = [
    ...(where && !noFiles.has(where.file) ? placeOf(where, workspace) : []),
    ['title', title],
  ]
  const listed = properties
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${level} ${listed.join(',')}::${escapeData(cleanBlock(message))}`
}

/** An error with all that is known about it. It stands at its own place, else at the row of its job. */
export function errorAnnotation(error: ErrorData, workspace?: string, origin?: JobOrigin): string {
  const { code, message, details = [], hint, where = origin } = error
  const lines = [message, ...details, ...(hint === undefined ? [] : [`hint: ${hint}`])]
  return annotation(
    { level: 'error', title: `comfy-run: ${code}`, message: lines.join('\n'), where },
    workspace,
  )
}

function placeOf(
  { file, line, column }: Pick<Where, 'file' | 'line' | 'column'>,
  workspace: string | undefined,
): [string, string | number | undefined][] {
  return [
    ['file', inWorkspace(file, workspace)],
    ['line', line],
    ['col', line === undefined ? undefined : column],
  ]
}

function inWorkspace(file: string, workspace: string | undefined): string {
  if (workspace === undefined) return file
  const path = resolve(file)
  return isInside(workspace, path) ? relative(workspace, path).replaceAll(sep, '/') : file
}

function escapeData(text: string): string {
  // The older form of commands is heeded anywhere in a line.
  return text.replaceAll('##[', '## [').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
