import { readdir, stat } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { ComfyRunError } from '../errors.ts'
import { filePieces } from '../plan/file-pieces.ts'
import { fileRows } from '../plan/file-rows.ts'
import type { Row } from '../plan/row.ts'
import { readRows } from '../plan/rows.ts'
import { filesLike, isPattern } from './glob.ts'
import { imageFiles, isImageFile } from './image-files.ts'

/** Where a batch's rows come from. */
export interface BatchSource {
  /** The argument, or `-` for what can be read only once: stdin, or a pipe. */
  readonly source: string
  /** What `-` stands for, if it is not stdin. */
  readonly pipe?: AsyncIterable<Uint8Array>
  readonly rows: AsyncIterable<Row>
  /** Where relative paths in rows start from. */
  readonly folder: string
}

/**
 * The rows that an argument names: those of a jobs file, of stdin (`-`), or of a pipe, as bash's `<(...)` makes one; for a
 * folder or a pattern, one for each of its images, or one for each of its workflows (.json). Throws `file-not-found`, and
 * `bad-option` if a folder or pattern has both.
 */
export async function batchSource(argument: string): Promise<BatchSource> {
  const info = argument === '-' ? undefined : await stat(argument).catch(() => undefined)
  if (info && !info.isFile() && !info.isDirectory()) {
    const pipe = filePieces(argument)
    return { source: '-', pipe, rows: readRows('-', pipe, argument), folder: '.' }
  }
  const isLike = info === undefined && isPattern(argument)
  if (!info?.isDirectory() && !isLike) {
    return { source: argument, rows: readRows(argument), folder: argument === '-' ? '.' : dirname(argument) }
  }
  const workflows = isLike ? await workflowsLike(argument) : await workflowsIn(argument)
  if (workflows.length === 0) {
    return { source: argument, rows: fileRows(await imageFiles([argument]), 'image'), folder: '.' }
  }
  const image = isLike ? undefined : (await readdir(argument)).find(isImageFile)
  if (image !== undefined) throw mixed(argument, image)
  return { source: argument, rows: fileRows(workflows, 'workflow'), folder: '.' }
}

async function workflowsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(isWorkflowFile).sort()
  return names.map((name) => join(folder, name))
}

async function workflowsLike(pattern: string): Promise<string[]> {
  if (extname(pattern).toLowerCase() !== '.json') return []
  const files = await filesLike(pattern)
  if (files.length > 0) return files
  throw new ComfyRunError('file-not-found', `no workflow matches "${pattern}"`, {
    hint: 'patterns know *, ? and **; put them in quotes, so that the shell leaves them alone',
  })
}

function isWorkflowFile(name: string): boolean {
  return extname(name).toLowerCase() === '.json' && !name.startsWith('.')
}

function mixed(folder: string, image: string): ComfyRunError {
  return new ComfyRunError(
    'bad-option',
    `${folder} holds images (${image}) and workflows: which are the jobs?`,
    {
      hint: `name them with a pattern: "${join(folder, '*.json')}" or "${join(folder, `*${extname(image)}`)}"`,
    },
  )
}
