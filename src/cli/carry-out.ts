import type { RunFinished } from '../events.ts'
import { Journal } from '../run/journal/journal.ts'
import { whenPipeBreaks } from './broken-pipe.ts'
import { FailedRowsFile } from './failed-rows-file.ts'
import type { FailureFlags } from './options/failure-options.ts'
import type { FileFlags } from './options/file-options.ts'
import type { RunFlags } from './options/run-options.ts'
import { serverAccess, type ServerOptions } from './options/server-options.ts'
import type { Work } from './work.ts'

/** Everything that the options of a running command say. */
export interface ExecuteFlags extends RunFlags, ServerOptions, FailureFlags, FileFlags {
  /** Of `plan`: a file to save the plan to. */
  readonly save?: string
}

/** Runs the work, shows what happens, and keeps the journal. Resolves to the exit code. */
export async function carryOut(work: Work, flags: ExecuteFlags): Promise<number> {
  const failedRows = flags.failedOut === undefined ? undefined : await FailedRowsFile.check(work, flags)
  const journal = work.isJournalled ? await Journal.begin(flags.out, work.scope) : undefined
  try {
    const finished = await withServer(flags, async (url) => run(work, { journal, failedRows }, flags, url))
    await journal?.end(finished)
    await failedRows?.write()
    return finished.exitCode
  } catch (error) {
    await journal?.close()
    throw error
  }
}

/** Starts the embedded server for the time of one command, if it is the one that is wanted. */
async function withServer<T>(flags: ExecuteFlags, use: (url: string) => Promise<T>): Promise<T> {
  if (flags.server !== 'embedded') return use(flags.server)
  const { startEmbeddedServer } = await import('../embedded/server.ts')
  const server = await startEmbeddedServer()
  try {
    return await use(server.url)
  } finally {
    await server.close()
  }
}

async function run(
  work: Work,
  records: { readonly journal?: Journal; readonly failedRows?: FailedRowsFile },
  flags: ExecuteFlags,
  url: string,
): Promise<RunFinished> {
  const [{ runJobs }, { fileRules }, { Stop }, { runReporter }, { stopOnSignals }] = await Promise.all([
    import('../run/run.ts'),
    import('../run/file-rules.ts'),
    import('../run/stop.ts'),
    import('./run-reporter.ts'),
    import('./signals.ts'),
  ])
  const { journal, failedRows } = records
  const stop = new Stop()
  const release = stopOnSignals(stop)
  const mendPipe = whenPipeBreaks(() => stop.raise('cancel', 'its output is not read any more', 141))
  const reporter = await runReporter(flags)
  try {
    return await runJobs({
      jobs: failedRows ? failedRows.watch(work.jobs()) : work.jobs(),
      count: work.count,
      server: serverAccess(flags, url),
      out: flags.out,
      saveTemp: flags.saveTemp,
      savePreviews: flags.savePreviews,
      files: await fileRules(flags),
      timeout: flags.timeout,
      sink: (event) => {
        failedRows?.hear(event)
        reporter.sink(event)
      },
      journal,
      resume: { force: flags.force, retryFailed: flags.retryFailed, verify: flags.verify },
      retries: flags.retries,
      halt: flags.halt,
      limits: { maxJobs: flags.maxJobs, maxDuration: flags.maxDuration },
      stop,
    })
  } finally {
    reporter.close()
    release()
    mendPipe()
  }
}
