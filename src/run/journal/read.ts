import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { DoneEntry, FailedEntry, JournalEntry, SubmittedEntry } from './entries.ts'

/** What a journal says of each job: its last entry counts. */
export interface JournalState {
  /** Of the first run; undefined if the journal is new. */
  readonly salt?: string
  readonly jobs: ReadonlyMap<string, DoneEntry | FailedEntry | SubmittedEntry>
}

/**
 * Reads a journal. Lines that can't be read are left out: after a crash the last one may be torn. A journal that
 * is not there is an empty one.
 */
export async function readJournal(path: string): Promise<JournalState> {
  const jobs = new Map<string, DoneEntry | FailedEntry | SubmittedEntry>()
  let salt: string | undefined
  for await (const line of linesOf(path)) {
    const entry = readEntry(line)
    if (entry?.type === 'run') salt ??= entry.salt
    else if (entry) jobs.set(entry.key, entry)
  }
  return { ...(salt !== undefined && { salt }), jobs }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8')
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const jobEntries = new Set(['submitted', 'done', 'failed'])

function readEntry(line: string): JournalEntry | undefined {
  let entry: Partial<JournalEntry> & { readonly key?: unknown; readonly salt?: unknown }
  try {
    entry = JSON.parse(line) as typeof entry
  } catch {
    return undefined
  }
  if (entry === null || typeof entry !== 'object') return undefined
  if (entry.type === 'run') return typeof entry.salt === 'string' ? (entry as JournalEntry) : undefined
  const isOfJob = jobEntries.has(entry.type ?? '') && typeof entry.key === 'string'
  return isOfJob ? (entry as JournalEntry) : undefined
}
