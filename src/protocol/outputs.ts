import type { NodeId } from './graph.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** A file on the server, as `GET /view` wants it: all three values go back exactly as they came. */
export interface ServerFile {
  readonly node: NodeId
  readonly filename: string
  readonly subfolder: string
  /** `output`, `temp` or `input`. */
  readonly type: string
}

/** Text that a node put out. */
export interface NodeText {
  readonly node: NodeId
  readonly text: string
}

/**
 * Every file in a prompt's outputs, in the order the server lists them. Files are known by their shape
 * (`{filename, ...}`), whatever key they stand under: `images` (also videos), `gifs`, `audio`, `3d`,
 * `files` and custom ones. The same file listed twice is one file.
 */
export function filesIn(outputs: JsonObject): ServerFile[] {
  const found = new Map<string, ServerFile>()
  for (const [node, output] of Object.entries(outputs)) {
    for (const file of fileEntries(node, output)) {
      const key = JSON.stringify([file.type, file.subfolder, file.filename])
      if (!found.has(key)) found.set(key, file)
    }
  }
  return [...found.values()]
}

function fileEntries(node: NodeId, value: JsonValue): ServerFile[] {
  if (isJsonArray(value)) return value.flatMap((item) => fileEntries(node, item))
  if (!isJsonObject(value)) return []
  if (typeof value.filename === 'string' && value.filename !== '') {
    const { filename, subfolder, type } = value
    return [
      {
        node,
        filename,
        subfolder: typeof subfolder === 'string' ? subfolder : '',
        type: typeof type === 'string' ? type : 'output',
      },
    ]
  }
  return Object.values(value).flatMap((item) => fileEntries(node, item))
}

/**
 * The values under `text` keys. A node that returns a plain string arrives split into characters
 * (`["h","i"]`), and is joined again.
 */
export function textsIn(outputs: JsonObject): NodeText[] {
  return Object.entries(outputs).flatMap(([node, output]) => {
    const value = isJsonObject(output) ? output.text : undefined
    return textValues(value).map((text) => ({ node, text }))
  })
}

function textValues(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (!isJsonArray(value)) return []
  const texts = value.filter((item) => typeof item === 'string')
  const split = texts.length > 1 && texts.every((item) => Array.from(item).length === 1)
  return split ? [texts.join('')] : texts
}
