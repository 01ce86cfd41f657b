import { createHash } from 'node:crypto'
import { jobsByModel } from '../plan/by-model.ts'
import { planJobs, type PlanOptions } from '../plan/jobs.ts'
import type { NameKnowledge } from '../plan/name-register.ts'
import type { PlannedJob } from '../plan/planned-job.ts'
import { stringifyJson } from '../protocol/json.ts'
import { findScope } from '../run/journal/journal.ts'
import { toGraph } from '../workflow/workflow.ts'
import type { ExecuteFlags } from './carry-out.ts'
import { checkedOnce } from './checked-once.ts'
import { loadOptions } from './node-classes.ts'
import { showOrRun } from './show-or-run.ts'
import { withGraphCheck } from './with-graph-check.ts'
import { withServers } from './with-servers.ts'
import type { Work } from './work.ts'

export type { ExecuteFlags } from './carry-out.ts'

/** What a command wants to be run: a plan without what the run options add to it. */
export interface Task extends Pick<
  PlanOptions,
  'workflow' | 'workflowFor' | 'rows' | 'defaults' | 'metaColumns'
> {
  readonly sourceFolder?: string
  /** The jobs file, or `-` for stdin. */
  readonly source?: string
  /** What `-` stands for, if it is not stdin. */
  readonly pipe?: AsyncIterable<Uint8Array>
  /** What the rows are made of, if not of a jobs file: tells one command from another. */
  readonly sources?: readonly string[]
  /** Whether this is a batch: whatever batches have done in the output folder is not done again. */
  readonly isBatch?: boolean
  /** Run the jobs in the order of their rows; by default those of one model are together. */
  readonly keepOrder?: boolean
}

/**
 * Checks a plan, then runs or shows it. Resolves to the exit code. Nothing is queued if the plan has errors.
 */
export async function execute(task: Task, flags: ExecuteFlags): Promise<number> {
  const { sourceFolder = '.', workflow, workflowFor, rows, defaults, metaColumns, isBatch = false } = task
  const scope = await findScope(flags.out, { id: taskId(task, flags), isCumulative: isBatch })
  const plan: PlanOptions = {
    workflow,
    loading: loadOptions(flags),
    ...(workflowFor && { workflowFor }),
    ...(rows && { rows }),
    defaults,
    ...(metaColumns && { metaColumns }),
    sourceFolder,
    copies: flags.count,
    seedSalt: scope.salt,
    // The plan is walked twice, and both walks must give the same names.
    startedAt: new Date(),
    ...(flags.name !== undefined && { nameTemplate: flags.name }),
  }
  return withServers(flags, { isRun: !flags.dryRun }, async (servers) => {
    // What comes next is loaded while the servers are asked; who can't load it hears of it there.
    if (!flags.dryRun) import('../run/run.ts').catch(() => {})
    // With several workflows to choose from, the rows say which are needed.
    const expected = workflowFor ? undefined : workflow
    const checked = await withGraphCheck({ servers, expected }, flags, async (graphs) =>
      checkedOnce({ plan, graphs, source: task.source, before: scope.passed }),
    )
    if ('exitCode' in checked) return checked.exitCode
    const { jobs: count, models, passed } = checked
    const names: NameKnowledge = { areDistinct: passed?.areNamesDistinct ?? false }
    const walk = (): AsyncIterable<PlannedJob> => planJobs(plan, names)
    // One job alone leaves no records, and needs no folder to itself.
    const work: Work = {
      jobs: () => (task.keepOrder ? walk() : jobsByModel(walk, models)),
      count,
      names,
      scope,
      ...(passed && { passed }),
      wasDone: passed !== undefined && passed === scope.passed && scope.isComplete,
      ...(task.source !== undefined && { source: task.source }),
      ...(task.pipe && { pipe: task.pipe }),
      keepOrder: task.keepOrder,
      isJournalled: isBatch || count > 1,
    }
    return showOrRun(work, flags, servers)
  })
}

/** Says of two commands whether they ask for the same: then the second goes on where the first stopped. */
function taskId({ workflow, defaults, sources }: Task, { count, name }: ExecuteFlags): string {
  const settings = defaults.map(({ address, value }) => [address, value])
  const identity = [toGraph(workflow), settings, sources, count, name]
  return createHash('sha256').update(stringifyJson(identity)).digest('hex')
}
