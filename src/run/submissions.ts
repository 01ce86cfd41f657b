import type { EventSink } from '../events.ts'

/** Tells when each job has been queued on a server: for a run whose jobs are to be queued one after the other. */
export class Submissions {
  readonly #waiting = new Map<number, () => void>()

  /** Resolves when the job is queued, or has ended without that; it must begin after this is called. */
  async of(job: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(job, resolve))
  }

  /** A sink that hears of it, and passes everything on. */
  watch(sink: EventSink): EventSink {
    return (event) => {
      sink(event)
      if (event.type === 'job-submitted') this.over(event.job)
    }
  }

  /** The job is queued, or has ended. */
  over(job: number): void {
    this.#waiting.get(job)?.()
    this.#waiting.delete(job)
  }
}
