import { stat } from 'node:fs/promises'
import { journalPath } from '../run/journal/journal.ts'
import { keepHeapSmall } from './small-heap.ts'

/** Up to this size, in bytes, a jobs file or a journal is short: a few hundred rows or jobs, with long prompts. */
const shortFile = 64 * 1024
/** Up to this many jobs for each row are few. */
const fewCopies = 20
/** A batch that is not done by then, in milliseconds, takes long, whatever of: large images, previews. */
const shortTime = 2_000

/** Whose heap is kept small. */
interface Batch {
  /** Its jobs file; or stdin, a folder, a pattern: of how many jobs these are can't be known beforehand. */
  readonly file: string
  /** The output folder, whose journal tells of the jobs of earlier runs. */
  readonly out: string
  /** Jobs for each row. */
  readonly count: number
}

/**
 * Keeps the heap of a batch small: from the start if it may have many jobs, now or before; else when it has gone on for two
 * seconds, as it costs a batch of ten quick jobs a twentieth of its time.
 */
export async function keepBatchHeapSmall(batch: Batch, keepSmall = keepHeapSmall): Promise<void> {
  if (await mayBeLong(batch)) keepSmall()
  else setTimeout(keepSmall, shortTime).unref()
}

async function mayBeLong({ file, out, count }: Batch): Promise<boolean> {
  const [rows = Infinity, journal = 0] = await Promise.all([file, journalPath(out)].map(sizeOf))
  return rows > shortFile || journal > shortFile || count > fewCopies
}

async function sizeOf(path: string): Promise<number | undefined> {
  const info = await stat(path).catch(() => undefined)
  return info?.isFile() ? info.size : undefined
}
