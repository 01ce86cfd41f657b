import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { FileSaved, JobFinished, RunFinished } from '../../events.ts'
import type { Job } from '../../plan/job.ts'
import { version } from '../../version.ts'
import { journalFormat, type JournalEntry, type KnownJob, type PassedCheck } from './entries.ts'
import { EntryReader } from './entry-reader.ts'
import { areFilesThere, type FilesThereOptions } from './files-there.ts'
import { JobIndex } from './job-index.ts'
import { JournalFile } from './journal-file.ts'
import { takeLock } from './lock.ts'
import { readJournal, type Scope } from './read.ts'

/** Which earlier run a run goes on with. */
export interface JournalTask {
  /** A hash of the command: only the same one can go on. */
  readonly id: string
  /**
   * True for batches: whatever the folder's batches have done counts as done, so that a jobs file can grow and
   * be sorted. Otherwise only an unfinished run of the same command is gone on with: a finished one, repeated,
   * makes new images.
   */
  readonly isCumulative: boolean
}

/** All batches of a folder are one. */
const batchScope = 'batch'

/** The folder for records in an output folder. */
export function recordsFolder(out: string): string {
  return join(out, '.comfy-run')
}

/** The scope that a task belongs to: what it goes on with, or a new one. Nothing is written. */
export async function findScope(out: string, task: JournalTask): Promise<Scope> {
  const scopes = await readJournal(journalPath(out))
  const known = task.isCumulative
    ? scopes.find(({ id }) => id === batchScope)
    : scopes.findLast(({ id, task: of, isComplete }) => of === task.id && !isComplete && id !== batchScope)
  if (known) return known
  const id = task.isCumulative ? batchScope : randomUUID()
  const jobs = new JobIndex(new EntryReader(journalPath(out)))
  return { id, task: task.id, salt: randomUUID(), jobs, isComplete: false }
}

/** The journal of an output folder: there once a run with several jobs has begun. */
export function journalPath(out: string): string {
  return join(recordsFolder(out), 'journal.jsonl')
}

/** The record of what happens to each job, in `<out>/.comfy-run/journal.jsonl`: what a later run goes on from. */
export class Journal {
  readonly #out: string
  readonly #scope: Scope
  readonly #file: JournalFile
  readonly #unlock: () => Promise<void>

  private constructor(out: string, scope: Scope, file: JournalFile, unlock: () => Promise<void>) {
    this.#out = out
    this.#scope = scope
    this.#file = file
    this.#unlock = unlock
  }

  /** Locks the folder and begins a run, whose plan has `passed` a check that later runs may go by. Throws `folder-in-use`, `disk-failed`. */
  static async begin(out: string, scope: Scope, passed?: PassedCheck): Promise<Journal> {
    await mkdir(recordsFolder(out), { recursive: true })
    const unlock = await takeLock(join(recordsFolder(out), 'lock'), out)
    try {
      const file = await JournalFile.open(journalPath(out))
      const { id, task, salt } = scope
      const run = { type: 'run', format: journalFormat, version, scope: id, task, salt } as const
      await file.add(JSON.stringify(stamped({ ...run, ...(passed && { passed }) })))
      return new Journal(out, scope, file, unlock)
    } catch (error) {
      await unlock()
      throw error
    }
  }

  /** What earlier runs say of a job. */
  entryOf(job: Job): KnownJob | undefined {
    return this.#scope.jobs.get(job.key)
  }

  /** Whether the files of all jobs that earlier runs have done are there: see `areFilesThere`. */
  async areFilesThere(options: FilesThereOptions): Promise<boolean> {
    return areFilesThere(journalPath(this.#out), this.#scope, this.#out, options)
  }

  /** Records a prompt before it is posted. Resolves when that is on the disk. */
  async submitted(
    { key, name }: Job,
    server: string,
    ids: { readonly promptId: string; readonly clientId: string },
  ): Promise<void> {
    await this.#add({ type: 'submitted', key, name, ...ids, server })
  }

  /** Records how a job ended. A job that was cancelled stays as it is: it will be run again. */
  async finished(
    { key, name }: Job,
    server: { readonly name: string; readonly rehearsal: boolean },
    finished: JobFinished,
    saved: readonly FileSaved[],
  ): Promise<void> {
    const { status, seed, seconds, error } = finished
    if (status === 'done') {
      const files = saved
        .filter(({ kind }) => kind === 'output')
        .map(({ path, bytes, sha256 }) => ({ path: this.#relative(path), bytes, sha256 }))
      await this.#add({
        type: 'done',
        key,
        name,
        files,
        ...(seed !== undefined && { seed }),
        seconds,
        server: server.name,
        ...(server.rehearsal && { rehearsal: true }),
      })
    } else if (status !== 'cancelled') {
      const { code = 'internal', message = '' } = error ?? {}
      await this.#add({ type: 'failed', key, name, code, message })
    }
  }

  /** Records the end of the run, with what it has found of its plan's names, and lets go of the folder. */
  async end(
    { exitCode, notRun, cancelled, failed }: RunFinished,
    { areNamesDistinct = false }: { readonly areNamesDistinct?: boolean } = {},
  ): Promise<void> {
    const isComplete = notRun + cancelled + failed === 0
    await this.#add({ type: 'end', isComplete, exitCode, ...(areNamesDistinct && { areNamesDistinct }) })
    await this.close()
  }

  /** Lets go of the folder without an end: the same command goes on with the run. */
  async close(): Promise<void> {
    this.#scope.jobs.close()
    await this.#file.close()
    await this.#unlock()
  }

  #relative(path: string): string {
    return relative(this.#out, path).split(sep).join('/')
  }

  async #add(entry: Unstamped): Promise<void> {
    await this.#file.add(JSON.stringify(stamped(entry)))
  }
}

type Unstamped = JournalEntry extends infer Entry
  ? Entry extends JournalEntry
    ? Omit<Entry, 'at'>
    : never
  : never

function stamped(entry: Unstamped): object {
  return { ...entry, at: new Date().toISOString() }
}
