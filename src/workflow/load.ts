import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ComfyRunError } from '../errors.ts'
import { nearMatches } from '../near-matches.ts'
import type { ObjectInfo } from '../protocol/object-info.ts'
import { binaryKind } from './binary-kind.ts'
import { decodeText } from './decode-text.ts'
import { workflowInImage } from './image-workflow.ts'
import { libraryNames, libraryWorkflow } from './library.ts'
import { parseWorkflowFile } from './parse.ts'
import { withRolesFile } from './roles-file.ts'
import { isUiFile, uiRefused } from './ui-file.ts'
import type { Workflow } from './workflow.ts'

/** Gives a server's node classes, and asks for them once. */
export type NodeClassSource = () => Promise<ObjectInfo>

export interface LoadOptions {
  /** For a graph as the page saves it; asked only then. Default: such a graph is refused. */
  readonly nodeClasses?: NodeClassSource
  /** Whether a graph in API format is given its node classes, too, so that roles are found by them. Default false. */
  readonly areClassesAtHand?: boolean
}

/**
 * Loads a workflow: from a JSON file in API format or as the page saves it, from an image that ComfyUI made (PNG or
 * WebP, known by its bytes), or any of them from stdin with `-`; with the roles that a file beside it settles. Where there
 * is no such file, the name of a workflow that comes with comfy-run will do. Throws
 * `file-not-found`, `file-unreadable`, and what `workflowFrom` and `withRolesFile` throw.
 */
export async function loadWorkflow(source: string, options: LoadOptions = {}): Promise<Workflow> {
  if (source === '-') return workflowFrom(await buffer(process.stdin), 'stdin', options)
  const bytes = await readSource(source).catch(async (error: unknown) => {
    const ours = await libraryWorkflow(source)
    if (ours) return ours
    throw error
  })
  if (!Buffer.isBuffer(bytes)) return bytes
  // For names of files with a date in them: the same each time, so that a run can go on the next day.
  const changed = async (): Promise<Date> => (await stat(source)).mtime
  return withRolesFile(await workflowFrom(bytes, source, { ...options, changed }), source)
}

/**
 * Reads a workflow from the bytes of a file; `source` is what messages call it. A graph as the page saves it is
 * converted, the same way each time: choices in its prompts follow from the bytes, and dates from `changed` (default:
 * now). Throws `no-workflow-in-image`, `ui-workflow`, and what `parseWorkflow` and `convertWorkflow` throw.
 */
export async function workflowFrom(
  bytes: Buffer,
  source: string,
  {
    nodeClasses: classes,
    areClassesAtHand,
    changed,
  }: LoadOptions & { readonly changed?: () => Promise<Date> } = {},
): Promise<Workflow> {
  const kind = binaryKind(bytes)
  const read =
    kind === undefined
      ? parseWorkflowFile(decodeText(bytes, 'the workflow', source), source)
      : workflowInImage(bytes, kind, source)
  if (!isUiFile(read)) {
    return classes && areClassesAtHand ? { ...read, nodeClasses: await classes() } : read
  }
  if (!classes) throw uiRefused(source)
  const { convertWorkflow } = await import('./convert/convert.ts')
  const { steadyRandom } = await import('./convert/steady-random.ts')
  const nodeClasses = await classes()
  const workflow = convertWorkflow(read.ui, nodeClasses, {
    source,
    random: steadyRandom(bytes),
    ...(changed && { now: await changed() }),
  })
  return { ...workflow, nodeClasses }
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
  const files = nearMatches(basename(source), siblings ?? []).map((name) => join(dirname(source), name))
  const near = [...files, ...nearMatches(source, await libraryNames())].map((name) => `"${name}"`)
  const nearHint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined
  const hint = siblings ? nearHint : `there is no folder "${dirname(source)}" either`
  return new ComfyRunError('file-not-found', `there is no workflow file "${source}"`, { hint, cause })
}
