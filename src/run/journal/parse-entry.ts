import type { JournalEntry } from './entries.ts'

/** What a line must have as texts to be of use. */
const needed = new Map<unknown, readonly string[]>(
  Object.entries({
    run: ['scope', 'task', 'salt'],
    submitted: ['key', 'promptId', 'server'],
    done: ['key'],
    failed: ['key', 'code'],
    end: [],
  } satisfies Record<JournalEntry['type'], readonly string[]>),
)

/** Reads any line of a journal. Undefined if it is torn, or of no use. */
export function parseEntry(line: string): JournalEntry | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof entry !== 'object' || entry === null) return undefined
  const fields = new Map(Object.entries(entry))
  const wanted = needed.get(fields.get('type'))
  return wanted?.every((name) => typeof fields.get(name) === 'string') ? (entry as JournalEntry) : undefined
}
