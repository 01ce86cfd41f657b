import type { JobFinished, RunEvent } from '../events.ts'
import { annotation, errorAnnotation, mostAnnotations } from './annotations.ts'
import { Causes } from './causes.ts'
import { jobSummary } from './job-summary.ts'
import type { OutputStream, Reporter } from './reporter-types.ts'

/** So that one cause does not take the place of all others. */
const mostOfACause = 3

/** What GitHub Actions offers to show a run with. */
export interface GithubOptions {
  /** The log, which is read for annotations. Default: none are made. */
  readonly log?: OutputStream
  /** The folder of the checkout, which files are named in. */
  readonly workspace?: string
  /** Gets the summary of the run, in Markdown, when it has ended. Must not throw. */
  readonly saveSummary?: (markdown: string) => void
}

/** Shows a run on GitHub's pages: failed jobs and warnings as annotations, and a summary of the job. */
export function createGithubReporter({ log, workspace, saveSummary }: GithubOptions): Reporter {
  const causes = new Causes()
  const toldCauses = new Map<string, number>()
  const told = { error: 0, warning: 0 }

  function write(level: keyof typeof told, line: () => string): void {
    if (!log || told[level] === mostAnnotations) return
    told[level] += 1
    log.write(`${line()}\n`)
  }

  function tellFailure({ status, error, name, origin }: JobFinished): void {
    if (!error || status === 'cancelled') return
    const times = (toldCauses.get(error.code) ?? 0) + 1
    toldCauses.set(error.code, times)
    if (times > mostOfACause) return
    write('error', () =>
      errorAnnotation({ ...error, message: `${name}: ${error.message}` }, workspace, origin),
    )
  }

  function sink(event: RunEvent): void {
    if (event.type === 'job-finished') {
      causes.add(event)
      tellFailure(event)
    } else if (event.type === 'job-warning' || event.type === 'server-warning') {
      const message = event.type === 'job-warning' ? event.message : `${event.server}: ${event.message}`
      write('warning', () => annotation({ level: 'warning', title: 'comfy-run', message }, workspace))
    } else if (event.type === 'run-finished') {
      const { error } = event
      if (error) write('error', () => errorAnnotation(error, workspace))
      saveSummary?.(jobSummary(event, causes))
    }
  }

  return { sink, close() {} }
}
