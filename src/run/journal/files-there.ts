import { isSubmittedLine, readDoneLine } from './job-line.ts'
import { readLines } from './journal-lines.ts'
import { parseEntry } from './parse-entry.ts'
import type { Scope } from './read.ts'
import { settle } from './settled.ts'

/** So many jobs take at most a blink, but on a disk that is far away. */
const toldEvery = 1000

/** When files are looked for. */
export interface FilesThereOptions {
  /** So many jobs must be done: whoever has taken lines out of the journal wants these jobs to run again. */
  readonly jobs: number
  /** Whether jobs that were only rehearsed count as done. */
  readonly rehearsal: boolean
  /** Told now and then of how many jobs the files are there. */
  readonly onFound?: (jobs: number) => void
  /** Ends the search: it then says that not all are there. */
  readonly isStopped: () => boolean
}

/**
 * Whether the files of all jobs that a scope has done are in the output folder, with the sizes that their last entries
 * tell: then a plan that was done to its end needs no walk. Goes through the journal as it stands on the disk, which is the
 * order of the files there, too.
 */
export async function areFilesThere(
  path: string,
  { id, jobs }: Pick<Scope, 'id' | 'jobs'>,
  out: string,
  { jobs: wanted, rehearsal, onFound, isStopped }: FilesThereOptions,
): Promise<boolean> {
  let isOurs = false
  let areThere = true
  let done = 0
  const look = (line: string, position: number): void => {
    const entry = readDoneLine(line) ?? parseEntry(line)
    if (entry?.type === 'run') isOurs = entry.scope === id
    if (!isOurs || entry?.type !== 'done' || !jobs.isLast(entry.key, position)) return
    done += 1
    if (done % toldEvery === 0) onFound?.(done)
    const settlement = settle(entry, out, { rehearsal })
    areThere = !(settlement instanceof Promise) && settlement.action === 'skip'
  }
  await readLines(path, (bytes, from, to, position) => {
    if (isStopped()) areThere = false
    else if (!isSubmittedLine(bytes, from)) look(bytes.toString('utf8', from, to), position)
    return areThere ? undefined : 'enough'
  })
  return areThere && done >= wanted
}
