import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, type ErrorCode } from '../../errors.ts'
import type { DoneEntry, KnownJob } from './entries.ts'
import { sizeOf } from './size-of.ts'

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
  | { readonly action: 'skip'; readonly reason: 'done'; readonly files: readonly string[] }
  | { readonly action: 'skip'; readonly reason: 'failed'; readonly code: ErrorCode }
  /** It was queued, and its end is not known. */
  | { readonly action: 'look-up'; readonly promptId: string; readonly server: string }

/** Options that hold for a job, and whether no model will run. */
export type Settling = ResumeOptions & { readonly rehearsal?: boolean }

const run: Settlement = { action: 'run' }

/**
 * Decides what is left to do, from a job's last entry and from what is on the disk. `rehearsal` says that no model
 * will run; without it, a job that was only rehearsed is not done. There is a promise only where bytes are to be compared:
 * a finished batch of a million, gone on with, is looked through in seconds. `sizes` tells the sizes of the files that
 * `filesToFind` names, by their place in it; by default the disk is asked.
 */
export function settle(
  entry: KnownJob | undefined,
  out: string,
  options: Settling,
  sizes: (path: string, at: number) => number | undefined = sizeOf,
): Settlement | Promise<Settlement> {
  if (!entry || options.force) return run
  switch (entry.type) {
    case 'submitted':
      return { action: 'look-up', promptId: entry.promptId, server: entry.server }
    case 'failed':
      // What failed by the server's or the network's fault may pass now.
      if (options.retryFailed || errorCodes[entry.code] === 4 || entry.code === 'job-lost') return run
      return { action: 'skip', reason: 'failed', code: entry.code }
    case 'done': {
      if (!counts(entry, options)) return run
      const files = pathsOf(entry, out)
      if (!entry.files.every(({ bytes }, at) => sizes(files[at] ?? '', at) === bytes)) return run
      const done: Settlement = { action: 'skip', reason: 'done', files }
      return options.verify ? verified(entry, files).then((isSame) => (isSame ? done : run)) : done
    }
  }
}

/** The files that must be there for a job to count as done; none if it does not count in any case. */
export function filesToFind(entry: KnownJob | undefined, out: string, options: Settling): readonly string[] {
  return entry?.type === 'done' && !options.force && counts(entry, options) ? pathsOf(entry, out) : []
}

type KnownDone = Extract<KnownJob, { readonly type: 'done' }>

/** What was only rehearsed is not done for a model. */
function counts({ rehearsal }: KnownDone, options: Settling): boolean {
  return !rehearsal || options.rehearsal === true
}

function pathsOf({ files }: KnownDone, out: string): string[] {
  return files.map(({ path }) => pathIn(out, path))
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

async function verified({ files }: Pick<DoneEntry, 'files'>, paths: readonly string[]): Promise<boolean> {
  for (const [at, { sha256 }] of files.entries())
    if ((await hashOf(paths[at] ?? '').catch(() => '')) !== sha256) return false
  return true
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
