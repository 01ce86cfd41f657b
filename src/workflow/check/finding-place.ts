import type { Where } from '../../errors.ts'
import { isJsonArray, isJsonObject, parseStrictJson, type JsonValue } from '../../protocol/json.ts'
import { placeOfKey, placeOfValue } from '../json-place.ts'
import type { Finding } from './finding.ts'

/**
 * Tells where in a workflow's JSON text its findings stand: at the value of the input, at the name of a class that is
 * unknown, at the node that lacks an input. Only the file for what stands nowhere, and for text that is none of ours: an
 * image, or the page's own format.
 */
export function findingPlaces(text: string, file: string): (finding: Finding) => Where {
  const json = text.replace(/^\uFEFF/, '')
  const graph = graphPath(json)
  if (!graph) return () => ({ file })
  return ({ node, input }) => {
    if (node === undefined) return { file }
    const ofNode = [...graph, node]
    const path = input === undefined ? [...ofNode, 'class_type'] : [...ofNode, 'inputs', input]
    const place = placeOfValue(json, file, path)
    return place.line === undefined ? placeOfKey(json, file, ofNode) : place
  }
}

/** The keys that lead to the nodes: those of the body of a POST /prompt are under `prompt`. */
function graphPath(json: string): readonly string[] | undefined {
  let value: JsonValue
  try {
    value = parseStrictJson(json)
  } catch {
    return undefined
  }
  if (!isJsonObject(value) || isJsonArray(value.nodes)) return undefined
  const { prompt } = value
  return isJsonObject(prompt) && !Object.hasOwn(prompt, 'class_type') ? ['prompt'] : []
}
