import type { ErrorCode } from '../errors.ts'
import type { JobFinished } from '../events.ts'
import { cleanLine } from './clean-text.ts'
import { LineRanges } from './line-ranges.ts'

/** Names that are shown of the jobs that failed for one cause, where no row says which they are. */
const mostNames = 3
/** A run whose every job fails in its own way must not fill the memory. */
const mostCauses = 1000

/** Jobs that failed for the same cause. */
export interface Cause {
  readonly code?: ErrorCode
  /** The first job's message. */
  readonly message: string
  readonly jobs: number
  /** Which jobs: their rows (`shots.csv:3, 7`), else their names. */
  readonly which: string
}

interface Group {
  readonly code?: ErrorCode
  readonly message: string
  jobs: number
  readonly rows: LineRanges
  readonly names: string[]
  /** Jobs that no row asked for. */
  rowless: number
}

/** Groups the failed jobs of a run by their cause. */
export class Causes {
  readonly #groups: Group[] = []
  readonly #byMessage = new Map<string, Group>()
  #others = 0

  /** Failed jobs whose causes are not listed, since there are too many. */
  get others(): number {
    return this.#others
  }

  /** Takes a job; those that did not fail are ignored. */
  add(event: JobFinished): void {
    const { name, status, origin, error } = event
    if (status !== 'failed' && status !== 'lost') return
    const group = this.#groupOf(event, cleanLine(error?.message ?? status))
    if (!group) {
      this.#others += 1
      return
    }
    group.jobs += 1
    if (origin) return group.rows.add(origin)
    group.rowless += 1
    if (group.names.length < mostNames) group.names.push(name)
  }

  /** The causes, commonest first. */
  list(): Cause[] {
    const commonest = this.#groups.toSorted((a, b) => b.jobs - a.jobs)
    return commonest.map((group) => {
      const { code, message, jobs } = group
      return { ...(code && { code }), message, jobs, which: cleanLine(whichOf(group)) }
    })
  }

  #groupOf({ name, error }: JobFinished, message: string): Group | undefined {
    // Told in the same words, or in the same words but for what is the job's own.
    const keys = [message, withoutOwnWords(message, name)].map((words) => `${error?.code} ${words}`)
    const known = keys.map((key) => this.#byMessage.get(key)).find(Boolean)
    if (known || this.#groups.length === mostCauses) return known
    const group = { code: error?.code, message, jobs: 0, rows: new LineRanges(), names: [], rowless: 0 }
    this.#groups.push(group)
    for (const key of keys) this.#byMessage.set(key, group)
    return group
  }
}

/** Two messages that differ only in the job's name, in measured numbers or long ones (bytes, seeds) tell the same. */
function withoutOwnWords(message: string, name: string): string {
  return message.replaceAll(name, '#').replaceAll(/\d+\.\d+|\d{4,}/g, '#')
}

function whichOf({ rows, names, rowless }: Group): string {
  const more = rowless - names.length
  const named = names.join(', ') + (more > 0 ? `, and ${more} more` : '')
  return [rows.toString(), named].filter((part) => part !== '').join('; ')
}
