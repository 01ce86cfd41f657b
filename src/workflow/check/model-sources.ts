import { isJsonArray, isJsonObject } from '../../protocol/json.ts'
import type { WorkflowNode } from '../workflow.ts'

/** A model that a node needs, as its `_meta` tells. */
export interface ModelSource {
  /** The file's name, as the node's input has it. */
  readonly name: string
  /** The folder of the server's `models` that it belongs into, e.g. `checkpoints`. */
  readonly folder: string
  /** Where it can be had. */
  readonly url?: string
}

/**
 * The models that a node says it needs: `"_meta": {"comfy-run": {"models": [{"name", "folder", "url"}]}}`. Entries that
 * are none are passed over.
 */
export function modelSources({ meta }: WorkflowNode): ModelSource[] {
  const block = meta?.['comfy-run']
  const models = isJsonObject(block) ? block.models : undefined
  if (!isJsonArray(models)) return []
  return models.flatMap((entry) => {
    if (!isJsonObject(entry) || typeof entry.name !== 'string' || typeof entry.folder !== 'string') return []
    const { name, folder, url } = entry
    return [{ name, folder, ...(typeof url === 'string' && { url }) }]
  })
}

/** What to do about a model that is missing, if the node tells where to get it. */
export function downloadHint(node: WorkflowNode, model: string): string | undefined {
  const source = modelSources(node).find(({ name }) => name === model)
  if (source?.url === undefined) return undefined
  return `download ${source.url} into models/${source.folder} of the server`
}
