import { redact } from './secrets.ts'

/**
 * Every error code that comfy-run can report, with the exit code it leads to. Codes are stable: scripts
 * may rely on them. `comfy-run help exit-codes` explains the numbers.
 */
export const errorCodes = {
  // 1: a job failed
  'node-failed': 1,
  'out-of-memory': 1,
  'job-lost': 1,
  'job-cancelled': 1,
  'job-timed-out': 1,
  'job-stalled': 1,
  'no-output': 1,
  'output-missing': 1,
  'output-gone': 1,
  'output-dropped': 1,
  'download-failed': 1,
  'damaged-file': 1,
  'file-too-large': 1,
  'too-many-files': 1,
  'disk-failed': 1,
  'file-exists': 1,
  internal: 1,
  // 2: usage, configuration or input
  'bad-option': 2,
  'bad-value': 2,
  'bad-row': 2,
  'file-not-found': 2,
  'file-unreadable': 2,
  'file-changed': 2,
  'not-json': 2,
  'not-an-image': 2,
  'not-a-workflow': 2,
  'ui-workflow': 2,
  'not-object-info': 2,
  'bad-roles-file': 2,
  'not-convertible': 2,
  'no-workflow-in-image': 2,
  'unknown-address': 2,
  'ambiguous-address': 2,
  'unknown-role': 2,
  'ambiguous-role': 2,
  'name-clash': 2,
  'duplicate-job': 2,
  'port-in-use': 2,
  'folder-in-use': 2,
  'folder-not-writable': 2,
  'bad-fault': 2,
  // 4: no server to work with
  'server-unreachable': 4,
  'server-refused': 4,
  'not-comfyui': 4,
  'server-stuck': 4,
  'answer-too-large': 4,
  'bad-server-url': 2,
  'upload-failed': 4,
  // 5: the server refused the workflow
  'workflow-rejected': 5,
  'value-not-in-list': 5,
  'value-out-of-range': 5,
  'wrong-type': 5,
  'missing-input': 5,
  'missing-node': 5,
  'browser-node': 5,
  'unknown-input': 5,
  'wrong-slot': 5,
  'dangling-link': 5,
  'graph-loop': 5,
  'missing-model': 5,
  'missing-input-file': 5,
  'no-output-node': 5,
  // 6: an output check failed
  'check-failed': 6,
} as const

export type ErrorCode = keyof typeof errorCodes

/** In characters. Longer messages, hints and details are cut. */
const longestText = 10_000
/** Lines of details. */
const mostDetails = 200

/** Where in a user's file the fault lies. Lines and columns count from 1, columns in characters. */
export interface Where {
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The whole line, to show with the fault underlined. */
  readonly text?: string
  /** How many characters of `text` are at fault, from `column` on. Default 1. */
  readonly length?: number
  /** What the place is called, e.g. `column "sampler"`. */
  readonly label?: string
}

export interface ErrorOptions {
  /** What the user can do about it. */
  readonly hint?: string
  readonly cause?: unknown
  readonly where?: Where
  /** More lines for a person, e.g. one for each faulty input. */
  readonly details?: readonly string[]
}

/**
 * An error a user can act on: it has a stable code, one clear sentence and, where possible, a place and a
 * hint. Anything else that is thrown is a fault of comfy-run itself. Secrets are removed from all text
 * here, so no later layer can leak them.
 */
export class ComfyRunError extends Error {
  override readonly name = 'ComfyRunError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly where: Where | undefined
  readonly details: readonly string[]

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(told(message), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint === undefined ? undefined : told(options.hint)
    this.where = options.where && {
      ...options.where,
      ...(options.where.text !== undefined && { text: redact(options.where.text) }),
    }
    const details = options.details ?? []
    const more = details.length - mostDetails
    this.details = [...details.slice(0, mostDetails).map(told), ...(more > 0 ? [`... and ${more} more`] : [])]
  }

  /** The exit code that this error leads to when it ends the run. */
  get exitCode(): number {
    return errorCodes[this.code]
  }

  /** The same error, located. An error that already has a place keeps it. */
  at(where: Where): ComfyRunError {
    if (this.where !== undefined) return this
    return new ComfyRunError(this.code, this.message, {
      hint: this.hint,
      cause: this.cause,
      details: this.details,
      where,
    })
  }
}

/** The message of anything that was thrown, without secrets. */
export function messageOf(thrown: unknown): string {
  return told(thrown instanceof Error ? thrown.message : String(thrown))
}

/** A text without secrets, and of a length that a person reads: servers send megabytes. */
function told(text: string): string {
  if (text.length <= longestText) return redact(text)
  // A secret that lies across the cut is known only while it is whole.
  return `${redact(text.slice(0, longestText * 2)).slice(0, longestText)}…`
}
