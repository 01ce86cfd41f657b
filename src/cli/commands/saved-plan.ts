import { ComfyRunError } from '../../errors.ts'
import { findScope } from '../../run/journal/journal.ts'
import { keepBatchHeapSmall } from '../batch-heap.ts'
import type { ExecuteFlags } from '../carry-out.ts'
import { checkedSavedPlan } from '../checked-saved-plan.ts'
import { graphSettings, type GraphOptions } from '../options/graph-options.ts'
import { readSavedPlan } from '../saved-plan.ts'
import { showOrRun } from '../show-or-run.ts'
import { withGraphCheck } from '../with-graph-check.ts'
import { withServers } from '../with-servers.ts'
import type { Work } from '../work.ts'

/** `comfy-run batch <file.plan.jsonl>`: runs exactly what was planned. Resolves to the exit code. */
export async function batchOfSavedPlan(file: string, flags: GraphOptions & ExecuteFlags): Promise<number> {
  await keepBatchHeapSmall({ file, ...flags })
  if (graphSettings(flags).length > 0 || flags.workflow !== undefined || flags.name !== undefined) {
    throw new ComfyRunError('bad-option', 'a saved plan is run as it is: no option can change its jobs', {
      hint: 'make a new one with `comfy-run plan ... --save`',
    })
  }
  return withServers(flags, { isRun: !flags.dryRun }, async (servers) => {
    const checked = await withGraphCheck({ servers }, flags, async (graphs) => checkedSavedPlan(file, graphs))
    if ('exitCode' in checked) return checked.exitCode
    const count = checked.jobs
    const scope = await findScope(flags.out, { id: 'saved-plan', isCumulative: true })
    const work: Work = { jobs: () => readSavedPlan(file), count, scope, isJournalled: true }
    return showOrRun(work, flags, servers)
  })
}
