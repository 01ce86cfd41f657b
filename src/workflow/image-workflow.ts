import { ComfyRunError } from '../errors.ts'
import { isJsonObject, parseJson, type JsonValue } from '../protocol/json.ts'
import { readPngText } from '../protocol/png-text.ts'
import { readWebpText } from '../protocol/webp-text.ts'
import type { BinaryKind } from './binary-kind.ts'
import { workflowFileOf } from './parse.ts'
import type { UiFile } from './ui-file.ts'
import type { Workflow } from './workflow.ts'

/**
 * The workflow that made an image, from its metadata. The graph of the page, if it is there, comes along as
 * `uiWorkflow`; if there is nothing else, it is what is given. Throws `no-workflow-in-image`, `not-a-workflow` for a
 * file that is no image.
 */
export function workflowInImage(bytes: Uint8Array, kind: BinaryKind, source: string): Workflow | UiFile {
  const where = { file: source }
  if (kind === 'unknown') {
    throw new ComfyRunError(
      'not-a-workflow',
      `${source} is neither JSON nor an image that holds a workflow`,
      {
        hint: 'give a workflow that was saved with Workflow > Export (API), or a PNG or WebP made by ComfyUI',
        where,
      },
    )
  }
  const texts = readPngText(bytes) ?? readWebpText(bytes)
  const prompt = readTolerantly(texts?.get('prompt'))
  const ui = readTolerantly(texts?.get('workflow'))
  if (isJsonObject(prompt)) return workflowFileOf(prompt, source, ui)
  if (isJsonObject(ui)) return workflowFileOf(ui, source)
  throw new ComfyRunError('no-workflow-in-image', refusal(source, kind, texts), {
    hint: 'ComfyUI keeps it in PNG and WebP files; editors and chat programs remove it',
    where,
  })
}

function refusal(source: string, kind: BinaryKind, texts: ReadonlyMap<string, string> | undefined): string {
  if (!texts) return `${source} is ${article(kind)} ${kind}: workflows are read from PNG and WebP files only`
  if (texts.has('prompt')) return `the workflow in ${source} is damaged`
  if (texts.has('parameters'))
    return `${source} was made by another program: it holds settings, but no workflow`
  return `${source} holds no workflow`
}

/** As the names of the kinds are spoken. */
function article(kind: BinaryKind): string {
  return kind === 'AVIF' || kind === 'MP4' ? 'an' : 'a'
}

/** Metadata was written by Python, which puts out `NaN`. */
function readTolerantly(text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
