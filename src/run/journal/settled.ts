import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCodes, type ErrorCode } from '../../errors.ts'
import type { DoneEntry, JobEntry } from './entries.ts'

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

const run: Settlement = { action: 'run' }

/**
 * Decides what is left to do, from a job's last entry and from what is on the disk. `rehearsal` says that no model
 * will run; without it, a job that was only rehearsed is not done.
 */
export async function settle(
  entry: JobEntry | undefined,
  out: string,
  options: ResumeOptions & { readonly rehearsal?: boolean },
): Promise<Settlement> {
  if (!entry || options.force) return run
  switch (entry.type) {
    case 'submitted':
      return { action: 'look-up', promptId: entry.promptId, server: entry.server }
    case 'failed':
      // What failed by the server's or the network's fault may pass now.
      if (options.retryFailed || errorCodes[entry.code] === 4 || entry.code === 'job-lost') return run
      return { action: 'skip', reason: 'failed', code: entry.code }
    case 'done': {
      if (entry.rehearsal && !options.rehearsal) return run
      const files = entry.files.map(({ path }) => join(out, path))
      return (await areThere(entry, out, options.verify === true))
        ? { action: 'skip', reason: 'done', files }
        : run
    }
  }
}

async function areThere({ files }: DoneEntry, out: string, verify: boolean): Promise<boolean> {
  for (const { path, bytes, sha256 } of files) {
    const info = await stat(join(out, path)).catch(() => undefined)
    if (info?.size !== bytes) return false
    if (verify && (await hashOf(join(out, path))) !== sha256) return false
  }
  return true
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
