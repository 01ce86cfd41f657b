import { createHash } from 'node:crypto'
import type { RunFinished } from '../events.ts'
import type { PlanOptions } from '../plan/jobs.ts'
import { stringifyJson } from '../protocol/json.ts'
import { findScope, Journal } from '../run/journal/journal.ts'
import type { Stop } from '../run/stop.ts'
import { toGraph } from '../workflow/workflow.ts'
import { dryRun } from './dry-run.ts'
import type { RunFlags } from './options/run-options.ts'
import { serverAccess, type ServerOptions } from './options/server-options.ts'
import { checkedPlan } from './checked-plan.ts'
import { useColor } from './terminal.ts'

/** What a command wants to be run: a plan without what the run options add to it. */
export interface Task extends Pick<PlanOptions, 'workflow' | 'rows' | 'defaults'> {
  readonly sourceFolder?: string
  /** What the rows are made of, if not of a jobs file: tells one command from another. */
  readonly sources?: readonly string[]
  /** Whether this is a batch: whatever batches have done in the output folder is not done again. */
  readonly isBatch?: boolean
}

/** Everything that the options of a running command say. */
export type ExecuteFlags = RunFlags & ServerOptions

/**
 * Checks a plan, runs it, and shows what happens. Resolves to the exit code. Nothing is queued if the plan has
 * errors.
 */
export async function execute(task: Task, flags: ExecuteFlags): Promise<number> {
  const { sourceFolder = '.', workflow, rows, defaults } = task
  const scope = await findScope(flags.out, { id: taskId(task, flags), isCumulative: task.isBatch === true })
  const plan: PlanOptions = {
    workflow,
    ...(rows && { rows }),
    defaults,
    sourceFolder,
    copies: flags.count,
    seedSalt: scope.salt,
    // The plan is walked twice, and both walks must give the same names.
    startedAt: new Date(),
    ...(flags.name !== undefined && { nameTemplate: flags.name }),
  }
  const count = await checkedPlan(plan)
  if (count === undefined) return 2
  if (flags.dryRun) return dryRun(plan, count, flags)
  // One job alone leaves no records, and needs no folder to itself.
  const journal = task.isBatch || count > 1 ? await Journal.begin(flags.out, scope) : undefined
  try {
    const finished = await withServer(flags, async (url) => runPlan({ plan, count, journal }, flags, url))
    await journal?.end(finished)
    return finished.exitCode
  } catch (error) {
    await journal?.close()
    throw error
  }
}

/** Says of two commands whether they ask for the same: then the second goes on where the first stopped. */
function taskId({ workflow, defaults, sources }: Task, { count, name }: ExecuteFlags): string {
  const settings = defaults.map(({ address, value }) => [address, value])
  const identity = [toGraph(workflow), settings, sources, count, name]
  return createHash('sha256').update(stringifyJson(identity)).digest('hex')
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

interface Work {
  readonly plan: PlanOptions
  readonly count: number
  readonly journal: Journal | undefined
}

async function runPlan(
  { plan, count, journal }: Work,
  flags: ExecuteFlags,
  url: string,
): Promise<RunFinished> {
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
    return await runJobs({
      jobs: planJobs(plan),
      count,
      server: serverAccess(flags, url),
      out: flags.out,
      saveTemp: flags.saveTemp,
      savePreviews: flags.savePreviews,
      timeout: flags.timeout,
      sink: reporter.sink,
      journal,
      resume: { force: flags.force, retryFailed: flags.retryFailed, verify: flags.verify },
      stop,
    })
  } finally {
    reporter.close()
    release()
  }
}
