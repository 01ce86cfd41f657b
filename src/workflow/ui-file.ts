import { ComfyRunError } from '../errors.ts'
import { isJsonArray, type JsonObject } from '../protocol/json.ts'
import type { Workflow } from './workflow.ts'

/** A graph as the page saves it. Its widgets have no names, so node classes are needed to make a workflow of it. */
export interface UiFile {
  readonly ui: JsonObject
}

export function isUiFile(read: Workflow | UiFile): read is UiFile {
  return 'ui' in read
}

/** What the page saves has a list of nodes. */
export function isUiGraph({ nodes }: JsonObject): boolean {
  return isJsonArray(nodes)
}

/** The error for a graph of the page where no node classes are at hand. */
export function uiRefused(source: string, cause?: unknown): ComfyRunError {
  return new ComfyRunError(
    'ui-workflow',
    `${source} is a workflow in the page's own format: a server's node classes are needed to run it`,
    {
      hint:
        'name the server with --server, or a file that `comfy-run doctor --save-object-info FILE` saved with ' +
        '--object-info; or in ComfyUI choose Workflow > Export (API), and use that file',
      where: { file: source },
      cause,
    },
  )
}
