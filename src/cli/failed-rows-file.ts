import { ComfyRunError } from '../errors.ts'
import type { RunEvent } from '../events.ts'
import type { Job } from '../plan/job.ts'
import { checkFailedOut, writeFailedRows, type FailedRows, type SourceStamp } from '../run/failed-rows.ts'
import { FailedRowWatch } from '../run/failed-rows/failed-row-watch.ts'
import { recordsFolder } from '../run/journal/journal.ts'
import { showError } from './show-error.ts'
import type { Work } from './work.ts'

/** The jobs file, or `-`, and what that stands for if it is not the program's own stdin. */
type Source = Pick<FailedRows, 'source' | 'stdin'>

/** What `--failed-out` writes when the run has ended. */
export class FailedRowsFile {
  readonly #watch = new FailedRowWatch()
  readonly #source: Source
  readonly #out: string
  readonly #records: string
  readonly #stamp: SourceStamp | undefined

  private constructor(source: Source, out: string, records: string, stamp: SourceStamp | undefined) {
    this.#source = source
    this.#out = out
    this.#records = records
    this.#stamp = stamp
  }

  /** Checks before the run that it could be written. Throws `bad-option`. */
  static async check(
    { source, pipe }: Pick<Work, 'source' | 'pipe'>,
    { failedOut = '', out }: { readonly failedOut?: string; readonly out: string },
  ): Promise<FailedRowsFile> {
    if (source === undefined) {
      throw new ComfyRunError('bad-option', '--failed-out needs a jobs file, as `batch` has one')
    }
    const from = { source, ...(pipe && { stdin: pipe }) }
    const stamp = await checkFailedOut({ ...from, out: failedOut })
    return new FailedRowsFile(from, failedOut, recordsFolder(out), stamp)
  }

  /** Hands on the jobs of the run, and sees which row each comes from. */
  watch(jobs: AsyncIterable<Job>): AsyncIterable<Job> {
    return this.#watch.watch(jobs)
  }

  /** Takes every event of the run. */
  hear(event: RunEvent): void {
    this.#watch.hear(event)
  }

  /**
   * Writes the rows that failed, if any did, and says where, or why not: the run has its own exit code, which no
   * fault of this file hides.
   */
  async write(): Promise<void> {
    try {
      const path = await this.#write()
      if (path !== undefined) process.stderr.write(`the rows that failed are in ${path}\n`)
    } catch (error) {
      await showError(error)
    }
  }

  async #write(): Promise<string | undefined> {
    return writeFailedRows({
      ...this.#source,
      out: this.#out,
      failed: this.#watch.failed,
      records: this.#records,
      stamp: this.#stamp,
    })
  }
}
