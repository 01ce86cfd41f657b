import type { JsonObject } from '../../protocol/json.ts'
import type { NodeContext } from '../node.ts'
import { writePython } from '../python-json.ts'
import type { ImageValue } from './values.ts'

/**
 * The texts that go into a saved picture: the graph as `prompt`, each entry of `extra_pnginfo` under its name, and
 * `comfy_run` if a rehearsed model made it. JSON as Python writes it.
 */
export function metadataOf(
  { graph, extraPnginfo }: Pick<NodeContext, 'graph' | 'extraPnginfo'>,
  image: Pick<ImageValue, 'rehearsal'>,
): Record<string, string> {
  // A graph is JSON; only its interface does not say so.
  const texts: Record<string, string> = { prompt: writePython(graph as unknown as JsonObject) }
  for (const [keyword, value] of Object.entries(extraPnginfo)) texts[keyword] = writePython(value)
  if (image.rehearsal !== undefined) texts['comfy_run'] = image.rehearsal
  return texts
}
