import type { Row } from '../../plan/row.ts'
import type { Workflow } from '../../workflow/workflow.ts'
import { keepBatchHeapSmall } from '../batch-heap.ts'
import { batchSource } from '../batch-source.ts'
import { defaultWorkflow, workflowFor } from '../default-workflow.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import type { BatchFlags } from '../options/batch-options.ts'
import { graphSettings, type GraphOptions } from '../options/graph-options.ts'

/** `comfy-run batch <file>`: one job for each row. Resolves to the exit code. */
export async function batch(file: string, flags: GraphOptions & ExecuteFlags & BatchFlags): Promise<number> {
  await keepBatchHeapSmall({ file, ...flags })
  const { source, pipe, rows, folder } = await batchSource(file)
  const task = {
    workflow: await workflowFor(flags.workflow, 'txt2img', flags),
    ...(flags.workflow === undefined && { workflowFor: await defaultWorkflows() }),
    rows,
    defaults: graphSettings(flags),
    ...(flags.meta && { metaColumns: flags.meta }),
    sourceFolder: folder,
    source,
    ...(pipe && { pipe }),
    isBatch: true,
    keepOrder: flags.keepOrder,
  }
  return execute(task, flags)
}

/** Without `--workflow`, a row with an image is img2img, and with a mask inpainting. */
async function defaultWorkflows(): Promise<(row: Row) => Workflow | undefined> {
  const img2img = await defaultWorkflow('img2img')
  const inpaint = await defaultWorkflow('inpaint')
  return ({ cells }) => {
    if (cells.some(({ key }) => key === 'mask')) return inpaint
    return cells.some(({ key }) => key === 'image') ? img2img : undefined
  }
}
