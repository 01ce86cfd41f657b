import { createBarsReporter } from './bars-reporter.ts'
import { createJsonReporter } from './json-reporter.ts'
import { createLinesReporter } from './lines-reporter.ts'
import { createQuietReporter } from './quiet-reporter.ts'
import type { Reporter, ReporterOptions } from './reporter-types.ts'

const reporters = {
  bars: createBarsReporter,
  lines: createLinesReporter,
  json: createJsonReporter,
  quiet: createQuietReporter,
} as const

/** How a run is shown: bars in a terminal, lines in a log, JSON lines for programs, or nothing but errors. */
export type ReporterMode = keyof typeof reporters

/** What decides about the mode. */
export interface ModeWishes {
  readonly json?: boolean
  readonly quiet?: boolean
  /** Default `auto`: bars in a terminal, lines elsewhere. */
  readonly progress?: 'auto' | 'bars' | 'lines'
  readonly stderrIsTty?: boolean
}

/** Makes the reporter for a mode. */
export function createReporter({
  mode,
  ...options
}: ReporterOptions & { readonly mode: ReporterMode }): Reporter {
  return reporters[mode](options)
}

/** The mode to use. Bars need a terminal: elsewhere they become lines, even if they are asked for. */
export function chooseMode({
  json,
  quiet,
  progress = 'auto',
  stderrIsTty = false,
}: ModeWishes): ReporterMode {
  if (json) return 'json'
  if (quiet) return 'quiet'
  return stderrIsTty && progress !== 'lines' ? 'bars' : 'lines'
}
