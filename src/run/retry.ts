import type { ComfyRunError, ErrorCode } from '../errors.ts'

/** How a job is to be tried again. */
export interface Retry {
  /** Milliseconds to wait before. */
  readonly delay: number
  /** Ask the server to free its memory first (`POST /free`): it has run out of it. */
  readonly freeMemory: boolean
  /**
   * Ask the server first for the prompt that was queued before, and run nothing anew if it still has it: what failed
   * was the way there or back.
   */
  readonly lookUp: boolean
}

/** How often a job is tried again unless the user says otherwise. */
export const defaultRetries = 2

/** A cause that passes by itself, or may. */
interface RetryClass {
  readonly freeMemory: boolean
  readonly lookUp: boolean
  /** Most retries for this cause, whatever the user allows. */
  readonly most: number
}

const network: RetryClass = { freeMemory: false, lookUp: true, most: Infinity }

/**
 * What is tried again. Everything else would fail again: a workflow that the server refused, a node that failed, a
 * wrong option or cell, credentials that are refused, a full disk, a stop by the user, the user's own time limit.
 */
const classes: Partial<Readonly<Record<ErrorCode, RetryClass>>> = {
  // No connection, or an answer of 5xx.
  'server-unreachable': network,
  // The prompt has run; only its files did not arrive whole.
  'download-failed': network,
  'damaged-file': network,
  // The server has surely forgotten the prompt: it was restarted.
  'job-lost': { freeMemory: false, lookUp: false, most: Infinity },
  // A result from the server's cache, whose file is gone: the next attempt saves it anew.
  'output-gone': { freeMemory: false, lookUp: false, most: 1 },
  // It was stopped, and may do better elsewhere; if it is the job's own doing, it stalls again.
  'server-stuck': { freeMemory: false, lookUp: false, most: 1 },
  'job-stalled': { freeMemory: false, lookUp: false, most: 1 },
  // Another model may have filled the memory; if it happens again, the image is too large for it.
  'out-of-memory': { freeMemory: true, lookUp: false, most: 1 },
}

/** The first wait is drawn from 0 up to this, in milliseconds; each further one from up to twice as much. */
const firstWindow = 2000
const longestWindow = 60_000
/** A server that asks for more patience than this is asked again all the same, in milliseconds. */
const longestRetryAfter = 600_000

/** The retries of one job. Counts them, and knows what is worth another try. */
export class Retries {
  readonly #limit: number
  readonly #random: () => number
  readonly #causes: ErrorCode[] = []

  /** `limit` is how often the job may be tried again, from 0. `random` gives numbers from 0 to below 1. */
  constructor(limit: number = defaultRetries, random: () => number = Math.random) {
    this.#limit = limit
    this.#random = random
  }

  /** How often the job was tried again so far. */
  get count(): number {
    return this.#causes.length
  }

  /** How to try again after this failure; undefined if the failure stands. */
  after(error: ComfyRunError): Retry | undefined {
    const found = classOf(error)
    const earlier = this.#causes.filter((code) => code === error.code).length
    if (!found || this.count >= this.#limit || earlier >= found.most) return undefined
    const delay = backOff(this.count, error, this.#random)
    this.#causes.push(error.code)
    const { freeMemory, lookUp } = found
    return { delay, freeMemory, lookUp }
  }
}

function classOf(error: ComfyRunError): RetryClass | undefined {
  // A server that says when to come back means to take the job then, and it did not take it yet.
  if (retryAfterOf(error) !== undefined) return network
  if (error.code === 'upload-failed') return isNetworkFault(error.cause) ? network : undefined
  return classes[error.code]
}

/**
 * Exponential back-off with full jitter, so that jobs which failed together do not come back together. What the server
 * asked for (`Retry-After`) is waited for in any case.
 */
function backOff(retries: number, error: ComfyRunError, random: () => number): number {
  const window = Math.min(longestWindow, firstWindow * 2 ** retries)
  const asked = Math.min(longestRetryAfter, (retryAfterOf(error) ?? 0) * 1000)
  return Math.round(asked + random() * window)
}

/** Seconds that the server's answer, if the error has one as its cause, asks us to wait. */
function retryAfterOf({ cause }: ComfyRunError): number | undefined {
  if (typeof cause !== 'object' || cause === null || !('retryAfter' in cause)) return undefined
  const { retryAfter } = cause
  return typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter : undefined
}

const networkCodes =
  /^(?:ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_.+|server-unreachable)$/

/** Whether an error came from the network: it has one of the codes that say so, maybe further down. */
function isNetworkFault(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  if ('code' in thrown && networkCodes.test(String(thrown.code))) return true
  return isNetworkFault(thrown.cause)
}
