import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import { checkGoldens } from '../run/file-rules.ts'
import { carryOut, type ExecuteFlags } from './carry-out.ts'
import { showPlan } from './show-plan.ts'
import type { Work } from './work.ts'

/**
 * Shows what would run, with `--dry-run`, or runs it. Resolves to the exit code. Throws `file-not-found`, `not-an-image`
 * for an image to compare outputs with, before anything is locked or queued.
 */
export async function showOrRun(
  work: Work,
  flags: ExecuteFlags,
  servers: readonly ServerAccess[],
): Promise<number> {
  await checkGoldens(flags.expect ?? [])
  return flags.dryRun ? showPlan(work, flags) : carryOut(work, flags, servers)
}
