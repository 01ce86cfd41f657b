import { setTimeout as delay } from 'node:timers/promises'
import type { Outcome } from '../comfy/outcome.ts'
import type { ComfyServer } from '../comfy/server.ts'
import { ComfyRunError } from '../errors.ts'
import type { FileSaved } from '../events.ts'
import { jobExpectations } from '../expectations.ts'
import { isImageExtension } from '../output/check-image.ts'
import { checkCount, checkOutput, type Fault } from '../output/expect.ts'
import { fileStem, safeExtension } from '../output/file-names.ts'
import { saveFile } from '../output/save-file.ts'
import type { SidecarRecord } from '../output/sidecar.ts'
import type { Job } from '../plan/job.ts'
import type { ServerFile } from '../protocol/outputs.ts'
import { defaultMaxFileSize, mostLargeFiles } from './file-defaults.ts'
import type { FileRules } from './file-rules.ts'
import type { RunOptions } from './options.ts'
import { recordOf, type RecordedServer } from './record.ts'
import type { ServerFolder } from './server-folder.ts'

const attempts = 3
/** Before the second attempt, in milliseconds; three times as long before the third. */
const firstPause = 200
/** A server that lists more is mistaken or means harm: each is a request, and a file. */
const mostFiles = 10_000

/** What collecting needs of a server. */
export type FileSource = Pick<ComfyServer, 'openFile'> & RecordedServer

/** What collecting needs of a run. */
export interface CollectOptions extends Pick<RunOptions, 'out' | 'saveTemp' | 'files' | 'sink'> {
  readonly onSaved: (event: FileSaved) => void
  /** How long the server worked on the job, in seconds: for records. */
  readonly seconds: number
  /** Where the server was told to save. Default: where it likes. */
  readonly folder?: Pick<ServerFolder, 'holds'>
  /** An earlier attempt may have saved some of the files; then they are taken as they are. Default false. */
  readonly mayBeThere?: boolean
}

/** What is the same for all files of a job. */
interface Collection {
  readonly server: FileSource
  readonly job: Job
  readonly options: CollectOptions
  readonly rules: Pick<FileRules, 'expect'> & Partial<FileRules>
  /** What sidecars say, if there are any. */
  readonly record: SidecarRecord | undefined
  readonly maxFileSize: number
  /** Bytes that were saved. */
  saved: number
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
 * `damaged-file`, `file-too-large`, `file-exists`, `disk-failed`, `server-unreachable`), after all other files were
 * tried. If there is none, and the prompt itself is done, outputs that are not as expected are one: `check-failed`.
 * More than 10,000 files are not begun with: `too-many-files`.
 */
export async function collectFiles(
  server: FileSource,
  job: Job,
  outcome: Outcome,
  options: CollectOptions,
): Promise<void> {
  // What a failed prompt has left is no result to be checked.
  const expect =
    outcome.status === 'done' ? jobExpectations(job.expect ?? [], options.files?.expect ?? []) : []
  const record = options.files?.sidecar ? recordOf(job, outcome, server, options.seconds) : undefined
  const { maxFileSize = defaultMaxFileSize } = options.files ?? {}
  const rules = { ...options.files, expect }
  const collection: Collection = { server, job, options, rules, record, maxFileSize, saved: 0 }
  if (outcome.files.length > mostFiles) {
    throw new ComfyRunError(
      'too-many-files',
      `the server lists ${outcome.files.length} files for ${job.name}`,
      {
        hint: `at most ${mostFiles} are fetched for one job; a smaller --batch-size gives fewer`,
      },
    )
  }
  const failures: unknown[] = []
  const faults: ComfyRunError[] = []
  let images = 0
  for (const group of [outputsOf(outcome), options.saveTemp ? tempsOf(outcome) : []]) {
    for (const [index, wanted] of group.entries()) {
      const stem = fileStem(job.name, index, group.length)
      try {
        const fault = await saveOne(collection, wanted, stem)
        if (fault) faults.push(fault)
        if (wanted.kind === 'output' && isImageExtension(wanted.extension)) images += 1
      } catch (error) {
        failures.push(error)
      }
    }
  }
  if (failures.length > 0) throw failures[0]
  const fault = checkCount(images, expect, job.name) ?? allOf(faults)
  if (fault) throw fault
}

/** The first fault, with the others as details. */
function allOf([first, ...others]: readonly ComfyRunError[]): ComfyRunError | undefined {
  if (!first || others.length === 0) return first
  return new ComfyRunError(first.code, first.message, {
    details: [...first.details, ...others.map(({ message }) => message)],
  })
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

/** Saves a file, and tells it. Returns what is wrong with it, if it is not as expected. */
async function saveOne(
  collection: Collection,
  { kind, node, extension, source }: Wanted,
  stem: string,
): Promise<ComfyRunError | undefined> {
  const { server, job, options, rules, record, maxFileSize } = collection
  if (collection.saved > maxFileSize * mostLargeFiles) {
    throw new ComfyRunError('file-too-large', `the files of ${job.name} together are too large`, {
      hint: `a job's files may be ${mostLargeFiles} times as large as --max-file-size allows for one`,
    })
  }
  const isOutput = kind === 'output'
  const inspect = async (path: string): Promise<Fault | undefined> =>
    checkOutput({ path, extension }, rules.expect)
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { body, length } =
        source instanceof Uint8Array
          ? { body: source, length: source.length }
          : await server.openFile(source, { mustFetch: attempt > 1, isOfRun: options.folder?.holds(source) })
      const { path, bytes, sha256, isSkipped, fault } = await saveFile({
        folder: options.out,
        name: isOutput ? stem : `temp/${stem}`,
        extension,
        body,
        length,
        mostBytes: maxFileSize,
        placer: rules.placer,
        mayBeThere: options.mayBeThere,
        ...(isOutput && { inspect }),
        ...(isOutput && record && { record: { ...record, node } }),
      })
      collection.saved += bytes
      if (isSkipped) options.sink({ type: 'job-warning', job: job.index, message: skipText(path) })
      else options.onSaved({ type: 'file-saved', job: job.index, kind, path, bytes, sha256, node })
      return fault
    } catch (error) {
      if (attempt === attempts || !mayPass(error)) throw error
      await delay(firstPause * 3 ** (attempt - 1))
    }
  }
}

function skipText(path: string): string {
  return `there is a file ${path} already: it stays, and the new one is not kept`
}

/** A cut connection may heal; a file that the server does not serve, or a full disk, will not. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ComfyRunError)) return false
  return ['server-unreachable', 'download-failed', 'damaged-file'].includes(error.code)
}
