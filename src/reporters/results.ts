import type { FileSaved, JobFinished, RunEvent } from '../events.ts'
import { cleanBlock } from './clean-text.ts'
import { printedLine, type PrintTemplate } from './print-template.ts'

/**
 * What goes to stdout: a line for each saved file (previews are no results), and the texts of nodes. Without a
 * template the line is the file's path, at once; with one it comes when its job has ended, as it may tell about the job.
 */
export class Results {
  readonly #print: PrintTemplate | undefined
  /** Files of jobs that have not ended, by job and path: a job that is tried again may save a file twice. */
  readonly #files = new Map<number, Map<string, FileSaved>>()
  readonly #servers = new Map<number, string>()
  #server = ''

  constructor(print?: PrintTemplate) {
    this.#print = print
  }

  /** The text for an event, with a line break at its end; undefined for most. */
  tell(event: RunEvent): string | undefined {
    if (event.type === 'text-output') return `${cleanBlock(event.text).replace(/\n$/, '')}\n`
    if (this.#print) return this.#printed(event, this.#print)
    return event.type === 'file-saved' && event.kind !== 'preview' ? `${event.path}\n` : undefined
  }

  #printed(event: RunEvent, print: PrintTemplate): string | undefined {
    if (event.type === 'job-finished') return this.#linesOf(event, print)
    if (event.type === 'file-saved') this.#keep(event)
    else if (event.type === 'job-submitted') this.#servers.set(event.job, event.server)
    else if (event.type === 'server-connected') this.#server = event.server
    return undefined
  }

  #keep(event: FileSaved): void {
    if (event.kind === 'preview') return
    const files = this.#files.get(event.job) ?? new Map<string, FileSaved>()
    this.#files.set(event.job, files.set(event.path, event))
  }

  #linesOf(job: JobFinished, print: PrintTemplate): string | undefined {
    const files = this.#files.get(job.job)
    const server = this.#servers.get(job.job) ?? this.#server
    this.#files.delete(job.job)
    this.#servers.delete(job.job)
    if (!files) return undefined
    return Array.from(files.values(), (file) => `${printedLine(print, file, job, server)}\n`).join('')
  }
}
