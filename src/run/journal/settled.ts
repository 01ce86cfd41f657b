import { statSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, type ErrorCode } from '../../errors.ts'
import { sha256OfFile } from '../../sha256.ts'
import type { DoneEntry, KnownJob } from './entries.ts'

/** How much of an earlier run is believed. */
export interface ResumeOptions {
  /** Run everything anew. */
  readonly force?: boolean
  /** Run jobs again that failed by their own fault. */
  readonly retryFailed?: boolean
  /** Also compare the files' hashes, not only their sizes. */
  readonly verify?: boolean
}

/** What is left to do for a job that the journal knows. */
export type Settlement =
  | { readonly action: 'run' }
  | {
      readonly action: 'skip'
      readonly reason: 'done' | 'failed'
      /** Of one that is done: its files, below the output folder. */
      readonly files: readonly string[]
      /** Of one that failed: its error. */
      readonly code?: ErrorCode
    }
  /** It was queued, and its end is not known. */
  | { readonly action: 'look-up'; readonly promptId: string; readonly server: string }

const run: Settlement = { action: 'run' }

/**
 * Decides what is left to do, from a job's last entry and from what is on the disk. `rehearsal` says that no model
 * will run; without it, a job that was only rehearsed is not done. There is a promise only where bytes are to be compared:
 * a finished batch of a million, gone on with, is looked through in seconds.
 */
export function settle(
  entry: KnownJob | undefined,
  out: string,
  options: ResumeOptions & { readonly rehearsal?: boolean },
): Settlement | Promise<Settlement> {
  if (!entry || options.force) return run
  switch (entry.type) {
    case 'submitted':
      return { action: 'look-up', promptId: entry.promptId, server: entry.server }
    case 'failed':
      // What failed by the server's or the network's fault may pass now.
      if (options.retryFailed || errorCodes[entry.code] === 4 || entry.code === 'job-lost') return run
      return { action: 'skip', reason: 'failed', files: [], code: entry.code }
    case 'done': {
      if (entry.rehearsal && !options.rehearsal) return run
      const files = entry.files.map(({ path }) => pathIn(out, path))
      if (!entry.files.every(({ bytes }, at) => sizeOf(files[at] ?? '') === bytes)) return run
      const done: Settlement = { action: 'skip', reason: 'done', files }
      return options.verify ? verified(entry, files).then((isSame) => (isSame ? done : run)) : done
    }
  }
}

/** The output folder of the last call, and how `join` begins paths in it: a run has one. */
let folder = { out: '', start: '' }
/** A name that `join` leaves as it is. */
const plainName = /^[\w-][\w.-]*$/

/** As `join`, which looks at each letter of both. */
function pathIn(out: string, path: string): string {
  if (!plainName.test(path)) return join(out, path)
  if (folder.out !== out) folder = { out, start: join(out, 'x').slice(0, -1) }
  return folder.start + path
}

/** Asked for at once: waiting for it would take ten times as long as the disk. Undefined if there is no such file. */
function sizeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.size
  } catch {
    return undefined
  }
}

async function verified({ files }: Pick<DoneEntry, 'files'>, paths: readonly string[]): Promise<boolean> {
  for (const [at, { sha256 }] of files.entries())
    if ((await sha256OfFile(paths[at] ?? '').catch(() => '')) !== sha256) return false
  return true
}
