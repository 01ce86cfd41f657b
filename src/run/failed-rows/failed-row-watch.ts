import type { RunEvent } from '../../events.ts'
import type { Job } from '../../plan/job.ts'

/** What tells of a job which row asked for it. */
type Watched = Pick<Job, 'index' | 'row'>

/**
 * Finds out which rows of a plan have a failed job: sees every job on its way into a run, and hears the run's events.
 * Remembers the jobs under way and the numbers of failed rows, and nothing else.
 */
export class FailedRowWatch {
  readonly #failed = new Set<number>()
  readonly #underWay = new Map<number, number>()

  /** The numbers of rows with a job that failed, in this run or in one that it goes on with. From 1. */
  get failed(): ReadonlySet<number> {
    return this.#failed
  }

  /** Hands on the jobs of a plan. */
  async *watch<T extends Watched>(jobs: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
    for await (const job of jobs) {
      if (job.row !== undefined) this.#underWay.set(job.index, job.row)
      yield job
    }
  }

  /** Takes every event of the run. A job that was cancelled has not failed. */
  hear(event: RunEvent): void {
    if (event.type !== 'job-finished' && event.type !== 'job-skipped') return
    const row = this.#underWay.get(event.job)
    this.#underWay.delete(event.job)
    const failed =
      event.type === 'job-skipped'
        ? event.reason === 'failed'
        : event.status === 'failed' || event.status === 'lost'
    if (failed && row !== undefined) this.#failed.add(row)
  }
}
