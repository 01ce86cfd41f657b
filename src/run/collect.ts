import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from '../comfy/outcome.ts'
import type { ComfyServer } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import type { FileSaved } from '../events.ts'
import { fileStem, safeExtension } from '../output/file-names.ts'
import { saveFile } from '../output/save-file.ts'
import type { Job } from '../plan/job.ts'
import type { ServerFile } from '../protocol/outputs.ts'

const attempts = 3
/** Before the second attempt, in milliseconds; three times as long before the third. */
const firstPause = 200

/** What collecting needs of a server. */
export type FileSource = Pick<ComfyServer, 'openFile'>

/** What collecting needs of a run. */
export interface CollectOptions {
  readonly out: string
  readonly saveTemp: boolean
  readonly onSaved: (event: FileSaved) => void
}

/** One file to be saved: from the server's disk, or an image that came over the socket. */
interface Wanted {
  readonly kind: 'output' | 'temp'
  readonly node: string
  readonly extension: string
  readonly source: ServerFile | Uint8Array
}

/**
 * Brings the files of an ended prompt to disk. Temp images are saved only if asked for, or if the graph put out
 * nothing else: then they are its results. Throws the first failure (`download-failed`, `output-missing`,
 * `damaged-file`, `disk-failed`, `server-unreachable`), after all other files were tried.
 */
export async function collectFiles(
  server: FileSource,
  job: Job,
  outcome: Outcome,
  options: CollectOptions,
): Promise<void> {
  const failures: unknown[] = []
  for (const group of [outputsOf(outcome), options.saveTemp ? tempsOf(outcome) : []]) {
    for (const [index, wanted] of group.entries()) {
      const stem = fileStem(job.name, index, group.length)
      try {
        options.onSaved(await saveOne(server, job.index, wanted, stem, options))
      } catch (error) {
        failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw failures[0]
}

function outputsOf(outcome: Outcome): Wanted[] {
  const images = outcome.socketImages.map(({ node, format, bytes }): Wanted => ({
    kind: 'output',
    node,
    extension: format === 'png' ? 'png' : 'jpg',
    source: bytes,
  }))
  const files = outcome.files.filter((file) => file.type === 'output')
  const isOnlyTemp = images.length + files.length === 0
  return [...images, ...(isOnlyTemp ? outcome.files : files).map((file) => wantedFile('output', file))]
}

function tempsOf(outcome: Outcome): Wanted[] {
  const outputs = new Set(outputsOf(outcome).map(({ source }) => source))
  return outcome.files
    .filter((file) => file.type === 'temp' && !outputs.has(file))
    .map((file) => wantedFile('temp', file))
}

function wantedFile(kind: Wanted['kind'], file: ServerFile): Wanted {
  return { kind, node: file.node, extension: safeExtension(file.filename), source: file }
}

async function saveOne(
  server: FileSource,
  job: number,
  { kind, node, extension, source }: Wanted,
  stem: string,
  { out }: CollectOptions,
): Promise<FileSaved> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { body, length } =
        source instanceof Uint8Array ? { body: source, length: source.length } : await server.openFile(source)
      const name = kind === 'temp' ? `temp/${stem}` : stem
      const { path, bytes, sha256 } = await saveFile({ folder: out, name, extension, body, length })
      return { type: 'file-saved', job, kind, path, bytes, sha256, node }
    } catch (error) {
      if (attempt === attempts || !mayPass(error)) throw error
      await delay(firstPause * 3 ** (attempt - 1))
    }
  }
}

/** A cut connection may heal; a file that the server does not serve, or a full disk, will not. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ComfyRunError)) return false
  return ['server-unreachable', 'download-failed', 'damaged-file'].includes(error.code)
}
