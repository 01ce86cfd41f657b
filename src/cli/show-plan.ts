import { settle, type ResumeOptions, type Settlement } from '../run/journal/settled.ts'
import type { Job } from '../plan/job.ts'
import { PlannedJob } from '../plan/planned-job.ts'
import { stringifyJson } from '../protocol/json.ts'
import type { JobIndex } from '../run/journal/job-index.ts'
import { formatDuration } from '../reporters/duration.ts'
import { inputValue } from '../workflow/links.ts'
import { findRoles } from '../workflow/roles.ts'
import type { InputRef } from '../workflow/workflow.ts'
import { savedJob, savePlan } from './saved-plan.ts'
import { isRehearsal } from './options/server-options.ts'
import { standardStream, writeJson } from './standard-streams.ts'
import { table } from './tables.ts'
import type { Work } from './work.ts'

/** How many jobs are shown; `--json` shows all. */
const shownJobs = 10

export interface ShowFlags extends ResumeOptions {
  readonly out: string
  readonly server?: readonly string[]
  readonly servers?: string
  readonly json?: boolean
  /** A file to save the plan to. */
  readonly save?: string
}

/** What a walk over the plan counts. */
interface Totals {
  done: number
  failed: number
  toRun: number
  /** Sampler steps of the jobs that would run. */
  steps: number
  readonly stepsOf: (job: Job) => number
}

/** Shows what would run. Nothing is sent anywhere. Resolves to the exit code. */
export async function showPlan({ jobs, scope, names }: Work, flags: ShowFlags): Promise<number> {
  const totals: Totals = { done: 0, failed: 0, toRun: 0, steps: 0, stepsOf: stepsReader() }
  const rows: string[][] = []
  const options = { ...flags, rehearsal: isRehearsal(flags) }
  for await (const job of jobs()) {
    // Keys are text only where they are asked for, and there is a promise only with --verify: jobs come by the million.
    const entry = scope.jobs.size === 0 ? undefined : scope.jobs.get(job.key)
    const settling = settle(entry, flags.out, options)
    const isToRun = count(job, settling instanceof Promise ? await settling : settling, totals)
    if (flags.json) writeJson(stringifyJson({ ...savedJob(job), isToRun }))
    else if (isToRun && rows.length < shownJobs) rows.push([String(job.index), job.name, settingsOf(job)])
    // To name a million jobs takes a tenth of the time and of the memory.
    if (names && rows.length === shownJobs) names.areWanted = false
  }
  if (names) names.areWanted = true
  const { stepsOf: _, ...counts } = totals
  const estimate = secondsLeft(scope.jobs.timing, totals.toRun)
  if (flags.json) writeJson(stringifyJson({ type: 'plan-totals', ...counts, estimate }))
  else writeTable(rows)
  if (flags.save !== undefined) await savePlan(flags.save, scope.salt, jobs())
  process.stderr.write(`${sentence(totals, estimate, rows.length, flags.json === true)}\n`)
  return 0
}

/** Whether the job would run. */
function count(job: Job, settlement: Settlement, totals: Totals): boolean {
  if (settlement.action === 'skip') {
    totals[settlement.reason] += 1
    return false
  }
  totals.toRun += 1
  totals.steps += totals.stepsOf(job)
  return true
}

/**
 * Tells the sampler steps of jobs. Where they stand in a workflow is found once for each: a patch changes values, not
 * places.
 */
function stepsReader(): (job: Job) => number {
  const places = new Map<string, InputRef | undefined>()
  return (job) => {
    const workflow = job instanceof PlannedJob ? job.base : job.workflow
    const { source } = workflow
    if (!places.has(source)) places.set(source, findRoles(workflow).get('steps')?.targets[0])
    const place = places.get(source)
    const steps = place && (job instanceof PlannedJob ? job.inputValue(place) : inputValue(workflow, place))
    return typeof steps === 'number' ? steps : 0
  }
}

function settingsOf({ params }: Job): string {
  return Object.entries(params)
    .map(([key, value]) => `${key}=${stringifyJson(value)}`)
    .join(' ')
}

/** From the time that the journal's jobs took; undefined if it has none. */
function secondsLeft({ jobs, seconds }: JobIndex['timing'], toRun: number): number | undefined {
  return jobs === 0 ? undefined : (seconds / jobs) * toRun
}

function writeTable(rows: readonly string[][]): void {
  if (rows.length === 0) return
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined
  standardStream('stdout').write(`${table(rows, { header: ['job', 'name', 'settings'], columns })}\n`)
}

function sentence(totals: Totals, estimate: number | undefined, shown: number, isJson: boolean): string {
  const { done, failed, toRun, steps } = totals
  const jobs = done + failed + toRun
  const parts = [
    jobs === 1 ? '1 job' : `${jobs} jobs`,
    ...(done > 0 ? [`${done} done already`] : []),
    ...(failed > 0 ? [`${failed} failed before`] : []),
    ...(done + failed > 0 ? [`${toRun} to run`] : []),
    ...(steps > 0 ? [`${steps} sampler steps`] : []),
    ...(estimate !== undefined && toRun > 0 ? [`about ${formatDuration(estimate)}`] : []),
  ]
  const rest = !isJson && toRun > shown ? ` (${shown} of ${toRun} shown)` : ''
  return `${parts.join(', ')}${rest}; nothing was queued`
}
