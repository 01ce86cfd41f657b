import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import type { RunFinished } from '../events.ts'
import { prepareFolder } from '../output/prepare-folder.ts'
import { Journal } from '../run/journal/journal.ts'
import { whenPipeBreaks } from './broken-pipe.ts'
import type { FailedRowsFile } from './failed-rows-file.ts'
import type { FailureFlags } from './options/failure-options.ts'
import type { FileFlags } from './options/file-options.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import type { RunFlags } from './options/run-options.ts'
import type { ServerOptions } from './options/server-options.ts'
import { optimizeLate } from './optimize-late.ts'
import type { Work } from './work.ts'

/** Everything that the options of a running command say. */
export interface ExecuteFlags extends RunFlags, ServerOptions, ObjectInfoFlags, FailureFlags, FileFlags {
  /** Of `plan`: a file to save the plan to. */
  readonly save?: string
}

/** Runs the work, shows what happens, and keeps the journal. Resolves to the exit code. */
export async function carryOut(
  work: Work,
  flags: ExecuteFlags,
  servers: readonly ServerAccess[],
): Promise<number> {
  const failedRows = flags.failedOut === undefined ? undefined : await failedRowsFile(work, flags)
  await prepareFolder(flags.out)
  const journal = work.isJournalled ? await Journal.begin(flags.out, work.scope, work.passed) : undefined
  try {
    const finished = await run(work, { journal, failedRows }, flags, servers)
    await journal?.end(finished, { areNamesDistinct: work.names?.areDistinct })
    await failedRows?.write()
    return finished.exitCode
  } catch (error) {
    await journal?.close()
    throw error
  }
}

async function failedRowsFile(work: Work, flags: ExecuteFlags): Promise<FailedRowsFile> {
  const { FailedRowsFile: File } = await import('./failed-rows-file.ts')
  return File.check(work, flags)
}

async function run(
  work: Work,
  records: { readonly journal?: Journal; readonly failedRows?: FailedRowsFile },
  flags: ExecuteFlags,
  servers: readonly ServerAccess[],
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
      servers,
      patience: flags.patience,
      stall: flags.stall,
      out: flags.out,
      saveTemp: flags.saveTemp,
      savePreviews: flags.savePreviews,
      files: await fileRules(flags),
      keepPrefix: flags.keepPrefix,
      keepOrder: work.keepOrder,
      timeout: flags.timeout,
      sink: (event) => {
        if (event.type === 'job-submitted') optimizeLate()
        failedRows?.hear(event)
        reporter.sink(event)
      },
      // Nobody sees on a display what a job of milliseconds does; a program may want to know.
      nodeEvents: flags.json === true,
      journal,
      wasDone: work.wasDone && !flags.json && !failedRows,
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
