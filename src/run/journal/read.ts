import { createReadStream } from 'node:fs'
import { lines } from '../../plan/lines.ts'
import type { JobEntry, JournalEntry, RunEntry } from './entries.ts'

/** What a journal says of the jobs of one scope. */
export interface Scope {
  readonly id: string
  readonly task: string
  readonly salt: string
  /** By key; the last entry of a job counts. */
  readonly jobs: Map<string, JobEntry>
  /** Whether its last run ended with every job settled. */
  isComplete: boolean
}

/**
 * Reads the scopes of a journal, in the order of their last runs. Lines that can't be read are left out: after a
 * crash the last one may be torn. A journal that is not there is an empty one.
 */
export async function readJournal(path: string): Promise<readonly Scope[]> {
  const scopes = new Map<string, Scope>()
  let current: Scope | undefined
  for await (const line of linesOf(path)) {
    const entry = readEntry(line)
    if (entry?.type === 'run') current = begin(scopes, entry)
    else if (entry?.type === 'end') {
      if (current) current.isComplete = entry.isComplete
    } else if (entry) current?.jobs.set(entry.key, entry)
  }
  return [...scopes.values()]
}

function begin(scopes: Map<string, Scope>, { scope: id, task, salt }: RunEntry): Scope {
  const known = scopes.get(id)
  const scope = known ?? { id, task, salt, jobs: new Map(), isComplete: false }
  scope.isComplete = false
  // To the end of the order.
  scopes.delete(id)
  scopes.set(id, scope)
  return scope
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    const pieces = createReadStream(path, 'utf8') as AsyncIterable<string>
    for await (const { text } of lines(pieces)) yield text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

const needed: Readonly<Record<JournalEntry['type'], readonly string[]>> = {
  run: ['scope', 'task', 'salt'],
  submitted: ['key', 'promptId', 'server'],
  done: ['key'],
  failed: ['key', 'code'],
  end: [],
}

function readEntry(line: string): JournalEntry | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof entry !== 'object' || entry === null) return undefined
  const fields = new Map(Object.entries(entry))
  const wanted = needed[String(fields.get('type')) as JournalEntry['type']] as readonly string[] | undefined
  return wanted?.every((name) => typeof fields.get(name) === 'string') ? (entry as JournalEntry) : undefined
}
