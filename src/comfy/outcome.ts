import { ComfyRunError } from '../errors.ts'
import type { ApiGraph, NodeId } from '../protocol/graph.ts'
import type { PromptRecord } from '../protocol/history.ts'
import type { NodeFailure } from '../protocol/messages.ts'
import { filesIn, textsIn, type NodeText, type ServerFile } from '../protocol/outputs.ts'
import type { InputError } from '../protocol/prompt.ts'
import { nodeLabel } from './node-label.ts'
import type { SocketImage } from './prompt-events.ts'

/**
 * How a prompt ended, decided once. `lost`: the server does not know it any more, because it was restarted or
 * somebody deleted it from the queue.
 */
export interface Outcome {
  readonly status: 'done' | 'failed' | 'cancelled' | 'lost'
  /** Files on the server, also those of a prompt that failed later. Types `output` and `temp` only. */
  readonly files: readonly ServerFile[]
  /** Results of SaveImageWebsocket nodes. */
  readonly socketImages: readonly SocketImage[]
  readonly texts: readonly NodeText[]
  /** True if no node ran, because the server still had every result. */
  readonly cached: boolean
  /** How long the server worked on it, by its own clock, if it said so. */
  readonly seconds?: number
  /** Why it is not `done`. */
  readonly error?: ComfyRunError
}

/** What is known about a prompt besides the server's record of it. */
export interface Known {
  readonly graph: ApiGraph
  readonly socketImages: readonly SocketImage[]
  /** Results over the socket that were too many to hold. */
  readonly droppedImages: number
  readonly blocked: readonly string[]
  /** Complaints that came with a 200: outputs that were dropped. */
  readonly dropped: readonly InputError[]
}

/** The outcome that a server's record means. */
export function outcomeOf(record: PromptRecord, known: Known): Outcome {
  const files = filesIn(record.outputs).filter((file) => file.type === 'output' || file.type === 'temp')
  const texts = textsIn(record.outputs)
  const { seconds } = record
  const found = {
    files,
    texts,
    socketImages: known.socketImages,
    cached: isCached(record),
    ...(seconds !== undefined && { seconds }),
  }
  if (record.status === 'interrupted') {
    const error = new ComfyRunError('job-cancelled', 'the job was interrupted on the server')
    return { ...found, status: 'cancelled', error }
  }
  const error =
    record.status === 'error'
      ? failureError(known.graph, record.failure)
      : (missingOutput(record, known, found) ?? droppedOutput(known) ?? tooManyImages(known))
  return error ? { ...found, status: 'failed', error } : { ...found, status: 'done' }
}

/** The outcome of a prompt that is neither in the queue nor in the history. */
export function lostOutcome(known: Known, cancelled: boolean): Outcome {
  const error = cancelled
    ? new ComfyRunError('job-cancelled', 'the job was taken from the queue before it ran')
    : new ComfyRunError('job-lost', 'the server no longer knows the job', {
        hint: 'the server was restarted, or somebody deleted the job from its queue or history',
      })
  return {
    status: cancelled ? 'cancelled' : 'lost',
    files: [],
    texts: [],
    socketImages: known.socketImages,
    cached: false,
    error,
  }
}

/** Whether every result came from the cache: nothing before an output node that is cached needs to run. */
function isCached({ status, accepted, outputs, cached }: PromptRecord): boolean {
  const wanted = accepted ?? Object.keys(outputs)
  return status === 'success' && wanted.length > 0 && wanted.every((node) => cached.includes(node))
}

/** Words by which an out-of-memory failure is known: GPU (0.3.42 and before), and the CPU allocator. */
const outOfMemory = /OutOfMemoryError|ran out of memory|out of memory|can't allocate memory/i

function failureError(graph: ApiGraph, failure: NodeFailure | undefined): ComfyRunError {
  if (!failure) {
    return new ComfyRunError('node-failed', 'the server ended the job with an error and does not say why', {
      hint: "the server's own log has the reason",
    })
  }
  const label = nodeLabel(graph, failure.node, failure.classType)
  const [first, ...more] = (failure.message || failure.exceptionType).split('\n')
  const kind = failure.exceptionType.split('.').at(-1)
  if (outOfMemory.test(failure.exceptionType) || outOfMemory.test(failure.message)) {
    return new ComfyRunError('out-of-memory', `${label} ran out of memory: ${first}`, {
      details: more,
      hint: 'try a smaller --size or --batch-size',
    })
  }
  return new ComfyRunError('node-failed', `${label} failed: ${first} [${kind}]`, { details: more })
}

/** Core nodes that always put out a file, so that one without a file did not do its work. */
const savingClass = /^(?:Save(?!ImageWebsocket$)|PreviewImage$|SaveAudio|SaveVideo)/

function missingOutput(
  record: PromptRecord,
  known: Known,
  found: Pick<Outcome, 'files' | 'texts' | 'socketImages'>,
): ComfyRunError | undefined {
  const hint =
    known.blocked.length > 0
      ? `a node was blocked: ${known.blocked.join('; ')}`
      : 'a node may have blocked its branch silently; look at the workflow in ComfyUI'
  const isEmpty = found.files.length + found.texts.length + found.socketImages.length === 0
  if (isEmpty && Object.keys(record.outputs).length === 0) {
    return new ComfyRunError('no-output', 'the server reports success, but no node put out anything', {
      hint,
    })
  }
  const silent = (record.accepted ?? []).filter((node) => !hasOutput(node, record, known))
  if (silent.length === 0) return undefined
  const labels = silent.map((node) => nodeLabel(known.graph, node)).join(', ')
  return new ComfyRunError('output-missing', `the server reports success, but nothing came from ${labels}`, {
    hint,
  })
}

function hasOutput(node: NodeId, record: PromptRecord, known: Known): boolean {
  const classType = known.graph[node]?.class_type ?? ''
  if (classType === 'SaveImageWebsocket') return known.socketImages.some((image) => image.node === node)
  return node in record.outputs || !savingClass.test(classType)
}

function tooManyImages({ droppedImages }: Known): ComfyRunError | undefined {
  if (droppedImages === 0) return undefined
  return new ComfyRunError(
    'too-many-files',
    `${droppedImages} images that came over the socket were not kept: those of one job may have 1 GB together`,
    { hint: 'save them with SaveImage, or make fewer in one job' },
  )
}

function droppedOutput(known: Known): ComfyRunError | undefined {
  if (known.dropped.length === 0) return undefined
  return new ComfyRunError(
    'output-dropped',
    'the server ran only a part of the workflow: it refused some outputs',
    {
      details: known.dropped.map(
        (error) =>
          `${nodeLabel(known.graph, error.node, error.classType)}: ${error.message}${error.details ? ` (${error.details})` : ''}`,
      ),
      hint: 'mend or remove those nodes; what the others put out was saved',
    },
  )
}
