import { readFile, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { nearMatches } from '../near-matches.ts'
import { isJsonObject, parseJson, type JsonValue } from '../protocol/json.ts'
import { readPngText } from '../protocol/png-text.ts'
import { readWebpText } from '../protocol/webp-text.ts'
import { parseWorkflow, workflowOf } from './parse.ts'
import type { Workflow } from './workflow.ts'

/**
 * Loads a workflow: from a JSON file in API format, from an image that ComfyUI made (PNG or WebP), or from stdin
 * with `-`. Throws `file-not-found`, `file-unreadable`, `no-workflow-in-image`, and what `parseWorkflow` throws.
 */
export async function loadWorkflow(source: string): Promise<Workflow> {
  if (source === '-') return parseWorkflow(await readStdin(), 'stdin')
  const bytes = await readSource(source)
  const texts = readPngText(bytes) ?? readWebpText(bytes)
  if (texts) return workflowOfImage(texts, source)
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) throw noWorkflow(source, 'a JPEG')
  return parseWorkflow(bytes.toString('utf8'), source)
}

function workflowOfImage(texts: ReadonlyMap<string, string>, source: string): Workflow {
  const ui = readTolerantly(texts.get('workflow'))
  const prompt = readTolerantly(texts.get('prompt'))
  if (isJsonObject(prompt)) return workflowOf(prompt, source, ui)
  if (isJsonObject(ui)) return workflowOf(ui, source)
  throw noWorkflow(source, 'this image')
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

function noWorkflow(source: string, what: string): ComfyRunError {
  return new ComfyRunError('no-workflow-in-image', `${source}: ${what} holds no workflow`, {
    hint: 'ComfyUI keeps it in PNG and WebP files; editors and chat programs remove it',
  })
}

async function readSource(source: string): Promise<Buffer> {
  try {
    return await readFile(source)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw await notFound(source)
    const reason = code === 'EISDIR' ? 'it is a folder' : (cause as Error).message
    throw new ComfyRunError('file-unreadable', `the workflow "${source}" can't be read: ${reason}`, { cause })
  }
}

async function notFound(source: string): Promise<ComfyRunError> {
  const siblings = await readdir(dirname(source)).catch(() => [])
  const near = nearMatches(basename(source), siblings).map((name) => `"${join(dirname(source), name)}"`)
  return new ComfyRunError('file-not-found', `there is no workflow file "${source}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
  })
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
