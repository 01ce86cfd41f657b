import type { EndEntry, PassedCheck, RunEntry } from './entries.ts'
import { version } from '../../version.ts'
import { EntryReader } from './entry-reader.ts'
import { JobIndex } from './job-index.ts'
import { readJobLine, type JobLine } from './job-line.ts'
import { readLines } from './journal-lines.ts'
import { parseEntry } from './parse-entry.ts'

/** What a journal says of the jobs of one scope. */
export interface Scope {
  readonly id: string
  readonly task: string
  readonly salt: string
  readonly jobs: JobIndex
  /** Whether its last run ended with every job settled. */
  isComplete: boolean
  /** The check that the plan of its last run has passed, if that run was of this version of comfy-run. */
  passed?: PassedCheck
}

/**
 * Reads the scopes of a journal, in the order of their last runs. Lines that can't be read are left out: after a
 * crash the last one may be torn. A journal that is not there is an empty one.
 */
export async function readJournal(path: string): Promise<readonly Scope[]> {
  const scopes = new Map<string, Scope>()
  const reader = new EntryReader(path)
  let current: Scope | undefined
  await readLines(path, (bytes, from, to, position) => {
    reader.lend(bytes, position - from, to)
    const job = readJobLine(bytes, from, to)
    if (job) {
      if (current) addJob(current.jobs, job, position)
      return
    }
    const entry = parseEntry(bytes.toString('utf8', from, to))
    if (entry?.type === 'run') current = begin(scopes, entry, reader)
    else if (entry?.type === 'end') {
      if (current) end(current, entry)
    } else if (entry && current) {
      const seconds = entry.type === 'done' && !entry.rehearsal ? entry.seconds : undefined
      addJob(current.jobs, { key: entry.key, seconds }, position)
    }
  })
  reader.takeBack()
  reader.close()
  return [...scopes.values()]
}

function begin(scopes: Map<string, Scope>, run: RunEntry, reader: EntryReader): Scope {
  const { scope: id, task, salt, passed } = run
  const known = scopes.get(id)
  const scope = known ?? { id, task, salt, jobs: new JobIndex(reader), isComplete: false }
  scope.isComplete = false
  // Another version may find what this one did not, or plan otherwise.
  scope.passed = run.version === version && isPassedCheck(passed) ? passed : undefined
  // To the end of the order.
  scopes.delete(id)
  scopes.set(id, scope)
  return scope
}

function end(scope: Scope, { isComplete, areNamesDistinct }: EndEntry): void {
  scope.isComplete = isComplete
  if (scope.passed && areNamesDistinct === true) scope.passed = { ...scope.passed, areNamesDistinct }
}

function isPassedCheck(value: unknown): value is PassedCheck {
  if (typeof value !== 'object' || value === null) return false
  const {
    plan,
    classes,
    jobs,
    models,
    areNamesDistinct = true,
  }: { readonly [key in keyof PassedCheck]?: unknown } = value
  return (
    typeof plan === 'string' &&
    typeof classes === 'string' &&
    Number.isSafeInteger(jobs) &&
    Array.isArray(models) &&
    models.every((model) => typeof model === 'string') &&
    areNamesDistinct === true
  )
}

function addJob(jobs: JobIndex, { key, seconds }: JobLine, position: number): void {
  jobs.set(key, position)
  if (seconds === undefined) return
  jobs.timing.jobs += 1
  jobs.timing.seconds += seconds
}
