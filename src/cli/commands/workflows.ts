import { stringifyJson } from '../../protocol/json.ts'
import { libraryWorkflows } from '../../workflow/library.ts'
import { writeJson } from '../standard-streams.ts'
import { table } from '../tables.ts'

/** `comfy-run workflows`: those that come with comfy-run, and the models that each needs. */
export async function workflows({ json }: { readonly json?: boolean }): Promise<void> {
  const found = await libraryWorkflows()
  if (json) return writeJson(stringifyJson({ workflows: found }, 2))
  const rows = found.flatMap(({ name, about, models }) => [
    [name, about],
    ...models.map((model) => ['', `  ${model.folder}/${model.name}`]),
  ])
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined
  process.stdout.write(`${table(rows, { header: ['workflow', 'what it does, and its models'], columns })}\n`)
}
