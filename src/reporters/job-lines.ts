import { relative } from 'node:path'
import { Chalk, type ChalkInstance } from 'chalk'
import type { ErrorData, JobFinished, JobStatus } from '../events.ts'
import { cleanLine } from './clean-text.ts'
import { formatDuration } from './duration.ts'
import { formatError } from './error-text.ts'

/** Tells how each job ended. An error that many jobs share is shown in full once. */
export class JobLines {
  readonly #color: boolean
  readonly #paint: ChalkInstance
  readonly #told = new Set<string>()
  #jobs = 1
  #out = '.'

  constructor(color: boolean) {
    this.#color = color
    this.#paint = new Chalk({ level: color ? 1 : 0 })
  }

  /** Says how many jobs there are, and the folder that files are shown relative to. */
  begin({ jobs, out }: { readonly jobs: number; readonly out: string }): void {
    this.#jobs = jobs
    this.#out = out
  }

  /** `[3/20]`; nothing if there is one job only. With a space at its end. */
  prefix(job: number): string {
    return this.#jobs > 1 ? `${this.#paint.dim(`[${job}/${this.#jobs}]`)} ` : ''
  }

  /**
   * The lines for one job: `[3/20] done  a-fox_1.png  12.3 s`, and its error below it if it failed. The error
   * of an only job says everything, so it stands alone.
   */
  lines(event: JobFinished): string[] {
    const { job, status, seconds, cached, error } = event
    const isFailure = error !== undefined && status !== 'cancelled'
    const inFull = isFailure && this.#isNew(error) ? [formatError(error, { color: this.#color })] : []
    if (isFailure && this.#jobs === 1) return inFull
    const briefly = error && inFull.length === 0 ? `: ${cleanLine(error.message)}` : ''
    const parts = [this.#word(status), this.#nameOf(event), formatDuration(seconds)]
    const line = `${this.prefix(job)}${parts.join('  ')}${cached ? ' (cached)' : ''}${briefly}`
    return [line, ...inFull]
  }

  #word(status: JobStatus): string {
    if (status === 'done') return this.#paint.green(status)
    return status === 'cancelled' ? this.#paint.yellow(status) : this.#paint.red(status)
  }

  #nameOf({ name, files: [first, ...more] }: JobFinished): string {
    if (first === undefined) return name
    const shown = relative(this.#out, first)
    return more.length > 0 ? `${shown} and ${more.length} more` : shown
  }

  #isNew({ code, message, hint, details }: ErrorData): boolean {
    const kind = JSON.stringify([code, message, hint, details])
    if (this.#told.has(kind)) return false
    this.#told.add(kind)
    return true
  }
}
