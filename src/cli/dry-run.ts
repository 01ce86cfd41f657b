import { toGraph } from '../workflow/workflow.ts'
import { stringifyJson } from '../protocol/json.ts'
import { planJobs, type PlanOptions } from '../plan/jobs.ts'
import { table } from './tables.ts'

/** How many jobs are shown; `--json` shows all. */
const shownJobs = 10

/** Shows what would run. Nothing is sent anywhere. Resolves to the exit code. */
export async function dryRun(
  plan: PlanOptions,
  count: number,
  { json }: { readonly json?: boolean },
): Promise<number> {
  if (json) await writeJobs(plan)
  else await writeTable(plan, count)
  return 0
}

async function writeJobs(plan: PlanOptions): Promise<void> {
  for await (const { index, key, name, params, uploads, workflow, origin } of planJobs(plan)) {
    const job = {
      type: 'job-planned',
      job: index,
      key,
      name,
      params,
      uploads,
      graph: toGraph(workflow),
      origin,
    }
    process.stdout.write(`${stringifyJson(job)}\n`)
  }
}

async function writeTable(plan: PlanOptions, count: number): Promise<void> {
  const rows: string[][] = []
  for await (const { index, name, params } of planJobs(plan)) {
    rows.push([
      String(index),
      name,
      ...Object.entries(params).map(([key, value]) => `${key}=${stringifyJson(value)}`),
    ])
    if (rows.length === shownJobs) break
  }
  const shown = rows.map(([index = '', name = '', ...params]) => [index, name, params.join(' ')])
  process.stdout.write(
    `${table(shown, { header: ['job', 'name', 'settings'], columns: process.stdout.columns })}\n`,
  )
  const rest = count - rows.length
  const more = rest > 0 ? ` (${rest} more, not shown)` : ''
  process.stderr.write(`${count === 1 ? '1 job' : `${count} jobs`}${more}; dry run, nothing was queued\n`)
}
