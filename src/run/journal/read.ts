import { createReadStream } from 'node:fs'
import type { JournalEntry, RunEntry } from './entries.ts'
import { JobIndex } from './job-index.ts'

/** What a journal says of the jobs of one scope. */
export interface Scope {
  readonly id: string
  readonly task: string
  readonly salt: string
  readonly jobs: JobIndex
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
  for await (const { bytes, start } of linesOf(path)) {
    const entry = summaryOf(bytes)
    if (entry?.type === 'run') current = begin(scopes, entry, path)
    else if (entry?.type === 'end') {
      if (current) current.isComplete = entry.isComplete
    } else if (entry && current) {
      current.jobs.set(entry.key, start, bytes.length)
      if (entry.seconds !== undefined) {
        current.jobs.timing.jobs += 1
        current.jobs.timing.seconds += entry.seconds
      }
    }
  }
  return [...scopes.values()]
}

function begin(scopes: Map<string, Scope>, { scope: id, task, salt }: RunEntry, path: string): Scope {
  const known = scopes.get(id)
  const scope = known ?? { id, task, salt, jobs: new JobIndex(path), isComplete: false }
  scope.isComplete = false
  // To the end of the order.
  scopes.delete(id)
  scopes.set(id, scope)
  return scope
}

interface Line {
  readonly bytes: Buffer
  /** Where it begins in the file, in bytes. */
  readonly start: number
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0)
  let start = 0
  try {
    for await (const piece of createReadStream(path, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let from = 0
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
        yield { bytes: bytes.subarray(from, end), start: start + from }
        from = end + 1
      }
      rest = bytes.subarray(from)
      start += from
    }
  } catch (error) {
    // No file, or no folder that it could be in.
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  if (rest.length > 0) yield { bytes: rest, start }
}

/** What of a job's entry is of use while reading. */
interface JobSummary {
  readonly type: 'submitted' | 'done' | 'failed'
  readonly key: string
  /** Only of a job that was done by a real server. */
  readonly seconds?: number
}

type Summary = JobSummary | Extract<JournalEntry, { type: 'run' | 'end' }>

const jobStart = /^\{"type":"(submitted|done|failed)","key":"([^"\\]+)"/
/** Each entry ends with its time, so a line that does is whole. */
const wholeEnd = /"at":"[0-9TZ:.-]+"\}$/
const secondsPart = /"seconds":([\d.e+-]+),/

/** Entries of jobs are not parsed: a million of them must be read in seconds. */
function summaryOf(bytes: Buffer): Summary | undefined {
  const line = bytes.toString('latin1')
  const [, type, key] = jobStart.exec(line) ?? []
  if (type === undefined || key === undefined || !wholeEnd.test(line.slice(-48))) return parsedSummary(bytes)
  const seconds =
    type === 'done' && !line.includes('"rehearsal":true') ? secondsPart.exec(line)?.[1] : undefined
  return { type: type as JobSummary['type'], key, ...(seconds !== undefined && { seconds: Number(seconds) }) }
}

const needed: Readonly<Record<JournalEntry['type'], readonly string[]>> = {
  run: ['scope', 'task', 'salt'],
  submitted: ['key', 'promptId', 'server'],
  done: ['key'],
  failed: ['key', 'code'],
  end: [],
}

function parsedSummary(bytes: Buffer): Summary | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof entry !== 'object' || entry === null) return undefined
  const fields = new Map(Object.entries(entry))
  const wanted = needed[String(fields.get('type')) as JournalEntry['type']] as readonly string[] | undefined
  return wanted?.every((name) => typeof fields.get(name) === 'string') ? (entry as Summary) : undefined
}
