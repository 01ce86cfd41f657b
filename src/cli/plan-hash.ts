import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { filePieces } from '../plan/file-pieces.ts'
import type { PlanOptions } from '../plan/jobs.ts'
import { stringifyJson } from '../protocol/json.ts'
import { nodeClassNamed } from '../protocol/object-info.ts'
import type { Workflow } from '../workflow/workflow.ts'

/**
 * A hash of all that the jobs of a plan are made of, if they are self-contained (`isSelfContained`): the bytes of the jobs
 * file, the options, the salt, and the workflow with what settles its roles. Undefined if the rows are not those of a file
 * on the disk: then it can't be told whether they are the same.
 */
export async function planHash(plan: PlanOptions, source: string | undefined): Promise<string | undefined> {
  const rows = source === undefined || source === '-' ? undefined : await bytesHash(source)
  if (rows === undefined) return undefined
  const { workflow, workflowFor, defaults, copies, seed, seedSalt, nameTemplate, metaColumns } = plan
  const settings = defaults.map(({ address, value, typed }) => [address, value, typed])
  const graphs = [partsOf(workflow), workflowFor !== undefined]
  const options = [settings, copies, seed, seedSalt, nameTemplate, metaColumns, plan.sourceFolder]
  // The file's extension tells how it is read.
  const parts = [source, rows, graphs, options]
  return createHash('sha256').update(stringifyJson(parts)).digest('hex')
}

/** Everything in a workflow that decides what a row can set in it, and what a name can tell of it. */
function partsOf({ nodes, source, nodeClasses, settledRoles }: Workflow): readonly unknown[] {
  const classOf = (type: string): unknown => (nodeClasses ? nodeClassNamed(nodeClasses, type) : undefined)
  return [
    source,
    Array.from(nodes, ([id, node]) => [id, node, classOf(node.classType)]),
    settledRoles && [settledRoles.source, [...settledRoles.roles]],
  ]
}

/** Undefined if there is no such file, or it can't be read: the walk over the plan tells that. */
async function bytesHash(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return undefined
    const hash = createHash('sha256')
    for await (const piece of filePieces(file)) hash.update(piece)
    return hash.digest('hex')
  } catch {
    return undefined
  }
}
