import { Chalk, type ChalkInstance } from 'chalk'
import type { RunEvent } from '../events.ts'
import { cleanLine } from './clean-text.ts'
import { formatError } from './error-text.ts'
import { JobLines } from './job-lines.ts'
import { Summary } from './summary.ts'

/** Puts into words what a person should read about a run: how jobs end, warnings, the summary. */
export class News {
  readonly #color: boolean
  readonly #paint: ChalkInstance
  readonly #jobs: JobLines
  readonly #summary = new Summary()

  constructor(color: boolean) {
    this.#color = color
    this.#paint = new Chalk({ level: color ? 1 : 0 })
    this.#jobs = new JobLines(color)
  }

  /** `[3/20]`, and a space; nothing if there is one job only. */
  prefix(job: number): string {
    return this.#jobs.prefix(job)
  }

  /** The lines for an event; none for most. */
  tell(event: RunEvent): string[] {
    switch (event.type) {
      case 'run-started':
        this.#jobs.begin(event)
        return []
      case 'server-connected':
        return event.rehearsal
          ? [`${this.#note()} ${event.server} only rehearses: no picture of it comes from a model`]
          : []
      case 'server-lost':
        return [`${this.#warning()} lost ${event.server}: ${cleanLine(event.reason)}; trying again`]
      case 'server-recovered':
        return [`${this.#note()} ${event.server} answers again`]
      case 'server-left':
        return [`${this.#warning()} ${event.server} gets no jobs for now: ${cleanLine(event.reason)}`]
      case 'server-returned':
        return [`${this.#note()} ${event.server} gets jobs again`]
      case 'server-warning':
        return [`${this.#warning()} ${event.server}: ${cleanLine(event.message)}`]
      case 'job-warning':
        return [`${this.prefix(event.job)}${this.#warning()} ${cleanLine(event.message)}`]
      case 'job-finished':
        this.#summary.add(event)
        return this.#jobs.lines(event)
      case 'job-skipped':
        // There may be thousands: the summary tells how many.
        this.#summary.add(event)
        return []
      case 'run-stopping':
        return [stopping(event)]
      case 'run-finished':
        return [...this.#fatal(event), ...this.#summary.lines(event)]
      case 'file-saved':
      case 'file-uploaded':
      case 'files-checked':
      case 'job-queued':
      case 'job-started':
      case 'job-submitted':
      case 'node-finished':
      case 'node-started':
      case 'node-text':
      case 'nodes-cached':
      case 'sampler-step':
      case 'text-output':
        return []
    }
  }

  /** As `tell`, but only what went wrong. */
  tellErrors(event: RunEvent): string[] {
    if (event.type === 'run-finished') return this.#fatal(event)
    const isFailure = event.type === 'job-finished' && event.status !== 'done'
    return isFailure || event.type === 'run-started' ? this.tell(event) : []
  }

  #fatal({ error }: Extract<RunEvent, { type: 'run-finished' }>): string[] {
    return error ? [formatError(error, { color: this.#color })] : []
  }

  #note(): string {
    return this.#paint.cyan('note:')
  }

  #warning(): string {
    return this.#paint.yellow('warning:')
  }
}

function stopping({ cancelling, reason }: Extract<RunEvent, { type: 'run-stopping' }>): string {
  return cancelling
    ? `stopping (${reason}): cancelling what runs`
    : `stopping (${reason}): finishing what runs; once more cancels it`
}
