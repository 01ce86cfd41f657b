import type { ServerOptions as ServerAccess } from '../comfy/server.ts'
import type { JobGraphCheck } from '../plan/job-graph-check.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { cleanLine } from '../reporters/clean-text.ts'
import type { ObjectInfoFlags } from './options/object-info-option.ts'
import { withServerClasses } from './server-classes.ts'
import { standardStream } from './standard-streams.ts'

/**
 * Uses a check of graphs against the servers of a run, or against the node classes of `--object-info`. A server that
 * can't be asked is no fault of the plan: of a run it will be told anyway, and with `--dry-run` it is said here. The graphs
 * are expected to be those of one workflow, if that is named.
 */
export async function withGraphCheck<T>(
  asked: { readonly servers: readonly ServerAccess[]; readonly expected?: Workflow },
  { dryRun = false, objectInfo: file }: ObjectInfoFlags & { readonly dryRun?: boolean },
  use: (graphs: JobGraphCheck) => Promise<T>,
): Promise<T> {
  const { JobGraphCheck: Check } = await import('../plan/job-graph-check.ts')
  if (file !== undefined) {
    const { loadObjectInfo } = await import('../workflow/object-info-file.ts')
    const saved = { objectInfo: await loadObjectInfo(file), isLive: false, source: file }
    return use(new Check(async () => [saved]))
  }
  return withServerClasses(asked, async ({ classesFor, silent }) => {
    const result = await use(new Check(classesFor))
    if (dryRun) {
      for (const { message } of silent)
        standardStream('stderr').write(`not checked against the server: ${cleanLine(message)}\n`)
    }
    return result
  })
}
