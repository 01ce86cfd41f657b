import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ComfyRunError } from '../errors.ts'
import { nearMatches } from '../near-matches.ts'
import { binaryKind } from './binary-kind.ts'
import { decodeText } from './decode-text.ts'
import { workflowInImage } from './image-workflow.ts'
import { parseWorkflow } from './parse.ts'
import { withRolesFile } from './roles-file.ts'
import type { Workflow } from './workflow.ts'

/**
 * Loads a workflow: from a JSON file in API format, from an image that ComfyUI made (PNG or WebP, known by its bytes),
 * or either of them from stdin with `-`; with the roles that a file beside it settles. Throws `file-not-found`,
 * `file-unreadable`, and what `workflowFrom` and `withRolesFile` throw.
 */
export async function loadWorkflow(source: string): Promise<Workflow> {
  if (source === '-') return workflowFrom(await buffer(process.stdin), 'stdin')
  return withRolesFile(workflowFrom(await readSource(source), source), source)
}

/**
 * Reads a workflow from the bytes of a file; `source` is what messages call it. Throws `no-workflow-in-image`, and
 * what `parseWorkflow` throws.
 */
export function workflowFrom(bytes: Buffer, source: string): Workflow {
  const kind = binaryKind(bytes)
  if (kind !== undefined) return workflowInImage(bytes, kind, source)
  return parseWorkflow(decodeText(bytes, 'the workflow', source), source)
}

async function readSource(source: string): Promise<Buffer> {
  try {
    return await readFile(source)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw await notFound(source, cause)
    const reason = code === 'EISDIR' ? 'it is a folder' : (cause as Error).message
    throw new ComfyRunError('file-unreadable', `the workflow "${source}" can't be read: ${reason}`, { cause })
  }
}

async function notFound(source: string, cause: unknown): Promise<ComfyRunError> {
  const siblings = await readdir(dirname(source)).catch(() => undefined)
  const near = nearMatches(basename(source), siblings ?? []).map((name) => `"${join(dirname(source), name)}"`)
  const nearHint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined
  const hint = siblings ? nearHint : `there is no folder "${dirname(source)}" either`
  return new ComfyRunError('file-not-found', `there is no workflow file "${source}"`, { hint, cause })
}
