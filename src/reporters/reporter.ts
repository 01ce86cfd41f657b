import type { Reporter, ReporterOptions } from './reporter-types.ts'

/** Each with the libraries that it needs, which are loaded only if it is used. */
const reporters = {
  bars: async () => (await import('./bars-reporter.ts')).createBarsReporter,
  lines: async () => (await import('./lines-reporter.ts')).createLinesReporter,
  json: async () => (await import('./json-reporter.ts')).createJsonReporter,
  quiet: async () => (await import('./quiet-reporter.ts')).createQuietReporter,
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
export async function createReporter({
  mode,
  ...options
}: ReporterOptions & { readonly mode: ReporterMode }): Promise<Reporter> {
  const create = await reporters[mode]()
  return create(options)
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
