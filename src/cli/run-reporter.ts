import { chooseMode, createReporter } from '../reporters/reporter.ts'
import type { OutputStream, Reporter } from '../reporters/reporter-types.ts'
import { githubReporter, isOnGithub } from './github.ts'
import type { RunFlags } from './options/run-options.ts'
import { useColor } from './terminal.ts'

/** What shows a run to the user who gave these options, on GitHub Actions also on its pages. */
export async function runReporter({
  json,
  quiet,
  progress,
  print,
}: Pick<RunFlags, 'json' | 'quiet' | 'progress' | 'print'>): Promise<Reporter> {
  const { stdout } = process
  const mode = chooseMode({ json, quiet, progress, stderrIsTty: process.stderr.isTTY })
  const stderr = isOnGithub() && mode !== 'bars' ? await logOfGithub() : process.stderr
  const screen = createReporter({ mode, stdout, stderr, color: useColor(process.stderr), print })
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

async function logOfGithub(): Promise<OutputStream> {
  const { withoutCommands } = await import('../reporters/annotations.ts')
  return { write: (text) => process.stderr.write(withoutCommands(text)) }
}
