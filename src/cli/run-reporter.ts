import { chooseMode, createReporter } from '../reporters/reporter.ts'
import type { Reporter } from '../reporters/reporter-types.ts'
import type { RunFlags } from './options/run-options.ts'
import { useColor } from './terminal.ts'

/** What shows a run to the user who gave these options. */
export function runReporter({
  json,
  quiet,
  progress,
  print,
}: Pick<RunFlags, 'json' | 'quiet' | 'progress' | 'print'>): Reporter {
  const { stdout, stderr } = process
  const mode = chooseMode({ json, quiet, progress, stderrIsTty: stderr.isTTY })
  return createReporter({ mode, stdout, stderr, color: useColor(stderr), print })
}
