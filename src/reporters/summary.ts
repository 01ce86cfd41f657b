import type { JobFinished, JobSkipped, RunFinished } from '../events.ts'
import { Causes } from './causes.ts'
import { formatDuration } from './duration.ts'

const mostCauses = 10

/** Collects how the jobs of a run end, to sum up at its end. */
export class Summary {
  readonly #causes = new Causes()
  #failedBefore = 0

  add(event: JobFinished | JobSkipped): void {
    if (event.type === 'job-finished') this.#causes.add(event)
    else if (event.reason === 'failed') this.#failedBefore += 1
  }

  /** The summary of a run of several jobs; of a single one only that it was skipped, as its own line says the rest. */
  lines(finished: RunFinished): string[] {
    const { jobs, done, failed, cancelled, notRun, files, seconds } = finished
    const failedBefore = this.#failedBefore
    // Of a batch that was done as a whole no job is told of.
    const doneBefore = finished.skipped - failedBefore
    const skipped = [
      ...(doneBefore > 0 ? [`${doneBefore} skipped: done before`] : []),
      ...(failedBefore > 0
        ? [`${failedBefore} skipped: failed before (--retry-failed runs them again)`]
        : []),
    ]
    if (jobs === 1) return skipped
    // Those that an earlier run has failed count as failed in the run, too.
    const failedNow = failed - failedBefore
    const counts = [
      `${done} done`,
      ...(failedNow > 0 ? [`${failedNow} failed`] : []),
      ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
      ...(notRun > 0 ? [`${notRun} not run`] : []),
      ...skipped,
    ]
    const total = `${jobs} jobs: ${counts.join(', ')}; ${files} ${files === 1 ? 'file' : 'files'}; ${formatDuration(seconds)}`
    return [total, ...serverLines(finished), ...this.#causeLines()]
  }

  /** The commonest causes first, each with the rows that it hit. */
  #causeLines(): string[] {
    const causes = this.#causes.list()
    const lines = causes
      .slice(0, mostCauses)
      .map(({ message, jobs, which }) => `  ${jobs} failed: ${message} (${which})`)
    const rest = causes.slice(mostCauses)
    const jobs = rest.reduce((sum, cause) => sum + cause.jobs, this.#causes.others)
    return jobs === 0 ? lines : [...lines, `  ${jobs} failed for other reasons`]
  }
}

/** What each of several servers did. */
function serverLines({ servers }: RunFinished): string[] {
  if (servers.length < 2) return []
  return servers.map(({ server, jobs, failed, busyShare }) => {
    const failures = failed > 0 ? `, ${failed} failed` : ''
    return `  ${server}: ${jobs === 1 ? '1 job' : `${jobs} jobs`}${failures}, busy ${Math.round(busyShare * 100)} %`
  })
}
