import { randomUUID } from 'node:crypto'
import type { Stop } from '../run/stop.ts'
import type { PlanOptions } from '../plan/jobs.ts'
import { dryRun } from './dry-run.ts'
import type { RunFlags } from './options/run-options.ts'
import { serverAccess, type ServerOptions } from './options/server-options.ts'
import { checkedPlan } from './checked-plan.ts'
import { useColor } from './terminal.ts'

/** What a command wants to be run: a plan without what the run options add to it. */
export type Task = Pick<PlanOptions, 'workflow' | 'rows' | 'defaults'> & { readonly sourceFolder?: string }

/** Everything that the options of a running command say. */
export type ExecuteFlags = RunFlags & ServerOptions

/**
 * Checks a plan, runs it, and shows what happens. Resolves to the exit code. Nothing is queued if the plan has
 * errors.
 */
export async function execute(task: Task, flags: ExecuteFlags): Promise<number> {
  const plan: PlanOptions = {
    sourceFolder: '.',
    ...task,
    copies: flags.count,
    seedSalt: randomUUID(),
    // The plan is walked twice, and both walks must give the same names.
    startedAt: new Date(),
    ...(flags.name !== undefined && { nameTemplate: flags.name }),
  }
  const count = await checkedPlan(plan)
  if (count === undefined) return 2
  if (flags.dryRun) return dryRun(plan, count, flags)
  return withServer(flags, async (url) => runPlan(plan, count, flags, url))
}

/** Starts the embedded server for the time of one command, if it is the one that is wanted. */
async function withServer(flags: ExecuteFlags, use: (url: string) => Promise<number>): Promise<number> {
  if (flags.server !== 'embedded') return use(flags.server)
  const { startEmbeddedServer } = await import('../embedded/server.ts')
  const server = await startEmbeddedServer()
  try {
    return await use(server.url)
  } finally {
    await server.close()
  }
}

async function runPlan(plan: PlanOptions, count: number, flags: ExecuteFlags, url: string): Promise<number> {
  const [{ planJobs }, { runJobs }, { Stop }, { createReporter, chooseMode }, { stopOnSignals }] =
    await Promise.all([
      import('../plan/jobs.ts'),
      import('../run/run.ts'),
      import('../run/stop.ts'),
      import('../reporters/reporter.ts'),
      import('./signals.ts'),
    ])
  const stop: Stop = new Stop()
  const release = stopOnSignals(stop)
  const mode = chooseMode({
    json: flags.json,
    quiet: flags.quiet,
    progress: flags.progress,
    stderrIsTty: process.stderr.isTTY,
  })
  const reporter = createReporter({
    mode,
    stdout: process.stdout,
    stderr: process.stderr,
    color: useColor(process.stderr),
  })
  try {
    const { exitCode } = await runJobs({
      jobs: planJobs(plan),
      count,
      server: serverAccess(flags, url),
      out: flags.out,
      saveTemp: flags.saveTemp,
      savePreviews: flags.savePreviews,
      timeout: flags.timeout,
      sink: reporter.sink,
      stop,
    })
    return exitCode
  } finally {
    reporter.close()
    release()
  }
}
