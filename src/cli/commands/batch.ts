import type { Row } from '../../plan/row.ts'
import { workflowFor } from '../default-workflow.ts'
import { execute, type ExecuteFlags } from '../execute.ts'
import { graphSettings, type GraphOptions } from '../options/graph-options.ts'

/** `comfy-run batch <file>`: one job for each row. Resolves to the exit code. */
export async function batch(file: string, flags: GraphOptions & ExecuteFlags): Promise<number> {
  const { readRows } = await import('../../plan/read-rows.ts')
  const rows = await repeatable(file, readRows)
  const workflow = await workflowFor(flags.workflow, (await hasImages(rows)) ? 'img2img' : 'txt2img')
  return execute({ workflow, rows, defaults: graphSettings(flags), seed: flags.seed }, flags)
}

/** The plan is walked twice, but stdin can be read only once. */
async function repeatable(
  file: string,
  readRows: (file: string) => AsyncIterable<Row>,
): Promise<() => AsyncIterable<Row>> {
  if (file !== '-') return () => readRows(file)
  const rows: Row[] = []
  for await (const row of readRows(file)) rows.push(row)
  return async function* again() {
    yield* rows
  }
}

/** Whether the first row names an image: then the default workflow is img2img. */
async function hasImages(rows: () => AsyncIterable<Row>): Promise<boolean> {
  for await (const row of rows()) return row.cells.some(({ key }) => key.toLowerCase() === 'image')
  return false
}
