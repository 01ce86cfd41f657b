import { dirname } from 'node:path'
import type { Row } from '../../plan/row.ts'
import { readRows } from '../../plan/rows.ts'
import { workflowFor } from '../default-workflow.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { graphSettings, type GraphOptions } from '../options/graph-options.ts'

/** `comfy-run batch <file>`: one job for each row. Resolves to the exit code. */
export async function batch(file: string, flags: GraphOptions & ExecuteFlags): Promise<number> {
  const rows = readRows(file)
  const workflow = await workflowFor(flags.workflow, (await hasImages(rows)) ? 'img2img' : 'txt2img')
  const sourceFolder = file === '-' ? '.' : dirname(file)
  return execute(
    { workflow, rows, defaults: graphSettings(flags), sourceFolder, source: file, isBatch: true },
    flags,
  )
}

/** Whether the first row names an image: then the default workflow is img2img. */
async function hasImages(rows: AsyncIterable<Row>): Promise<boolean> {
  for await (const row of rows) return row.cells.some(({ key }) => key === 'image')
  return false
}
