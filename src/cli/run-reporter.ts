import { chooseMode, createReporter } from '../reporters/reporter.ts'
import type { Reporter } from '../reporters/reporter-types.ts'
import { githubReporter } from './github.ts'
import type { RunFlags } from './options/run-options.ts'
import { standardStream } from './standard-streams.ts'
import { useColor } from './terminal.ts'

/** What shows a run to the user who gave these options, on GitHub Actions also on its pages. */
export async function runReporter({
  json,
  quiet,
  progress,
  print,
}: Pick<RunFlags, 'json' | 'quiet' | 'progress' | 'print'>): Promise<Reporter> {
  const mode = chooseMode({ json, quiet, progress, stderrIsTty: process.stderr.isTTY })
  const [stdout, stderr] = [standardStream('stdout'), standardStream('stderr')]
  const screen = await createReporter({ mode, stdout, stderr, color: useColor(process.stderr), print })
  const github = await githubReporter()
  if (!github) return screen
  return {
    sink(event) {
      screen.sink(event)
      github.sink(event)
    },
    close() {
      screen.close()
      github.close()
    },
  }
}
