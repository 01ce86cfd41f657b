import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import type { ExecuteFlags } from './carry-out.ts'
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
  if (flags.expect) {
    const { checkGoldens } = await import('../run/file-rules.ts')
    await checkGoldens(flags.expect)
  }
  if (flags.dryRun) {
    const { showPlan } = await import('./show-plan.ts')
    return showPlan(work, flags)
  }
  const { carryOut } = await import('./carry-out.ts')
  return carryOut(work, flags, servers)
}
