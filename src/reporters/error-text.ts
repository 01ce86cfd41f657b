import { Chalk, type ChalkInstance } from 'chalk'
import type { Where } from '../errors.ts'
import type { ErrorData } from '../events.ts'
import { cleanBlock, cleanLine } from './clean-text.ts'
import { excerpt } from './excerpt.ts'
import { padToWidth } from './text-width.ts'

/** Where the codes stand, if the messages are shorter. */
const codeColumn = 52
/** Longer lines of a user's file are cut around the fault. */
const excerptColumns = 100

/** How an error is shown. */
export interface ErrorTextOptions {
  readonly color: boolean
  /** Default `error`. */
  readonly severity?: 'error' | 'warning'
}

/**
 * An error for a person, without a line break at its end: what is wrong and its code, the place with the fault
 * underlined, details, and what can be done. Takes a `ComfyRunError`, too.
 *
 *     error: no sampler is called "dpmpp_3m_sed"            [value-not-in-list]
 *       --> shots.csv:17:42  column "sampler"
 *       17 | red fox,,dpmpp_3m_sed,24
 *          |          ^^^^^^^^^^^^
 *       hint: did you mean "dpmpp_3m_sde"?
 */
export function formatError(error: ErrorData, options: ErrorTextOptions): string {
  const { color, severity = 'error' } = options
  const paint = new Chalk({ level: color ? 1 : 0 })
  const [message = '', ...rest] = cleanBlock(error.message).split('\n')
  const word = `${severity}:`
  // The word counts in the column, its colour does not.
  const head = padToWidth(message, codeColumn - word.length - 1)
  const shownWord = severity === 'error' ? paint.bold.red(word) : paint.bold.yellow(word)
  return [
    `${shownWord} ${paint.bold(head)}  ${paint.dim(`[${error.code}]`)}`,
    ...indented(rest),
    ...(error.where ? placeLines(error.where, paint) : []),
    ...indented((error.details ?? []).flatMap((detail) => cleanBlock(detail).split('\n'))),
    ...(error.hint === undefined ? [] : hintLines(error.hint, paint)),
  ].join('\n')
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`.trimEnd())
}

function placeLines({ file, line, column, text, length, label }: Where, paint: ChalkInstance): string[] {
  const place = [cleanLine(file), line, line === undefined ? undefined : column].filter(
    (part) => part !== undefined,
  )
  const arrow = `  ${paint.dim('-->')} ${place.join(':')}${label === undefined ? '' : `  ${cleanLine(label)}`}`
  if (text === undefined || line === undefined) return [arrow]
  const shown = excerpt(text, column ?? 1, length ?? 1, excerptColumns)
  const number = String(line)
  const lines = [arrow, `  ${paint.dim(`${number} |`)} ${shown.line}`.trimEnd()]
  if (column === undefined) return lines
  return [...lines, `  ${paint.dim(`${' '.repeat(number.length)} |`)} ${paint.red(shown.marks)}`]
}

function hintLines(hint: string, paint: ChalkInstance): string[] {
  const [first = '', ...rest] = cleanBlock(hint).split('\n')
  return [`  ${paint.cyan('hint:')} ${first}`, ...rest.map((line) => `        ${line}`.trimEnd())]
}
