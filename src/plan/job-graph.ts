import type { ApiGraph } from '../protocol/graph.ts'
import { outputNodes, reachableNodes } from '../workflow/outputs.ts'
import { patchWorkflow } from '../workflow/patch.ts'
import { toGraph } from '../workflow/workflow.ts'
import type { Job } from './job.ts'

/**
 * The graph of a job as one server takes it. `names` gives, by content hash, the name under which that server
 * has each of the job's files: names differ from server to server.
 */
export function jobGraph(job: Job, names: ReadonlyMap<string, string>): ApiGraph {
  const settings = job.uploads.flatMap((upload) => {
    const value = names.get(upload.hash)
    return value === undefined ? [] : upload.targets.map((target) => ({ target, value }))
  })
  return toGraph(patchWorkflow(job.workflow, settings).workflow)
}

/** How many nodes of a job the server has to run or to find in its cache. */
export function nodesToRun({ workflow }: Job): number {
  return reachableNodes(workflow, outputNodes(workflow)).size
}
