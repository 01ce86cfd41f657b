import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { isJsonObject } from '../protocol/json.ts'
import { modelSources, type ModelSource } from './check/model-sources.ts'
import { parseWorkflow } from './parse.ts'
import type { Workflow, WorkflowNode } from './workflow.ts'

const folder = join(packageRoot, 'workflows')
const ending = '.json'

/** A workflow that comes with comfy-run. */
export interface LibraryWorkflow {
  /** What `--workflow` calls it. */
  readonly name: string
  /** One line; empty if the file has none. */
  readonly about: string
  /** Each once, in the order of the nodes. */
  readonly models: readonly ModelSource[]
}

/** The names of the workflows that come with comfy-run, sorted. */
export async function libraryNames(): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort()
}

/** One of them by its name, as a workflow called by that name; undefined if there is none. */
export async function libraryWorkflow(name: string): Promise<Workflow | undefined> {
  if (!(await libraryNames()).includes(name)) return undefined
  // Where it was installed is of no interest in messages.
  return parseWorkflow(await readFile(join(folder, `${name}${ending}`), 'utf8'), name)
}

/** What each of them does, and what models it needs. */
export async function libraryWorkflows(): Promise<LibraryWorkflow[]> {
  const found: LibraryWorkflow[] = []
  for (const name of await libraryNames()) {
    const workflow = await libraryWorkflow(name)
    if (!workflow) continue
    const nodes = [...workflow.nodes.values()]
    const models = new Map(
      nodes.flatMap(modelSources).map((model) => [`${model.folder}/${model.name}`, model]),
    )
    const about = nodes.map(aboutOf).find((text) => text !== undefined)
    found.push({ name, about: about ?? '', models: [...models.values()] })
  }
  return found
}

/** `"_meta": {"comfy-run": {"about": "..."}}` in any one node. */
function aboutOf({ meta }: WorkflowNode): string | undefined {
  const block = meta?.['comfy-run']
  return isJsonObject(block) && typeof block.about === 'string' ? block.about : undefined
}
