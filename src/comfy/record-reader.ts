import { setTimeout as delay } from 'node:timers/promises'
import { readHistoryEntry, type PromptRecord } from '../protocol/history.ts'
import { isJsonObject, type JsonObject } from '../protocol/json.ts'
import type { Access } from './access.ts'
import { getJson, largestAnswer } from './http.ts'
import { readRecord } from './truth.ts'
import { isUnreachable } from './unreachable.ts'

/** Between two reads, in milliseconds: prompts that end in between are read together. */
const defaultPause = 100
/**
 * Prompts that have ended since, and other people's, are newer than ours: so many more are asked for. With 4, up to 20 of
 * 300 quick jobs were missed over HTTP, and asked for one by one.
 */
const slack = 10
/** For fewer than these a read does not come sooner, unless they are the last. */
const fewest = 8

export interface RecordReaderOptions {
  /** The least time between two reads, in milliseconds. */
  readonly pause?: number
  /** How many prompts may be asked for soon, with those that are being asked for. Default: any number. */
  readonly underWay?: () => number
  /** Whether prompts may follow that are not under way yet. Default: no. */
  readonly hasMore?: (() => boolean) | undefined
}

interface Waiter {
  readonly resolve: (record: PromptRecord | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads the records of prompts that have ended. Each request costs the server some of the next job's time, so prompts
 * that end in quick succession share one. The first is read at once, and so is the last. Towards the end of a run each
 * read is for fewer, or most of what follows a read would be done when the server is idle. A queue that is empty for a
 * moment is not the end: where files come slowly, each prompt would be read alone then.
 */
export class RecordReader {
  readonly #access: Access
  readonly #pause: number
  readonly #underWay: () => number
  readonly #hasMore: () => boolean
  #waiting = new Map<string, Waiter>()
  /** How many are being read. */
  #reading = 0
  #isWorking = false
  #endPause = (): void => {}

  constructor(access: Access, options: RecordReaderOptions = {}) {
    const { pause = defaultPause, underWay = () => Infinity, hasMore = () => false } = options
    this.#access = access
    this.#pause = pause
    this.#underWay = underWay
    this.#hasMore = hasMore
  }

  /** The record of a prompt; undefined if there is none yet. Throws as `readRecord` does. */
  async read(promptId: string): Promise<PromptRecord | undefined> {
    const record = new Promise<PromptRecord | undefined>((resolve, reject) => {
      this.#waiting.set(promptId, { resolve, reject })
    })
    if (!this.#isWorking) void this.#work()
    else if (this.#areMost) this.#endPause()
    return record
  }

  /** Whether few more may come: none, or no more than half of those that wait. */
  get #areMost(): boolean {
    const { size } = this.#waiting
    const toCome = this.#underWay() - this.#reading - size
    return size >= Math.max(fewest, 2 * toCome) || (toCome <= 0 && !this.#hasMore())
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.size > 0) {
      const batch = this.#waiting
      this.#waiting = new Map()
      await Promise.all([this.#readAll(batch), this.#pass()])
    }
    this.#isWorking = false
  }

  /** The time between two reads. */
  async #pass(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#pause).unref()
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** A failure is the waiters' to hear. */
  async #readAll(batch: ReadonlyMap<string, Waiter>): Promise<void> {
    this.#reading = batch.size
    try {
      const [only] = batch
      if (only && batch.size === 1) only[1].resolve(await readRecord(this.#access, only[0]))
      else await this.#readNewest(batch)
    } catch (error) {
      for (const { reject } of batch.values()) reject(error)
    } finally {
      this.#reading = 0
    }
  }

  /** `GET /history?max_items=N` gives the newest N. A record that is not among them is read by its id. */
  async #readNewest(batch: ReadonlyMap<string, Waiter>): Promise<void> {
    const newest = await this.#newest(batch.size + slack)
    for (const [promptId, { resolve }] of batch) {
      const entry = newest[promptId]
      resolve(isJsonObject(entry) ? readHistoryEntry(entry) : await readRecord(this.#access, promptId))
    }
  }

  /** None if the server does not like the question: then each record is asked for alone. */
  async #newest(count: number): Promise<JsonObject> {
    try {
      const query = { max_items: String(count) }
      return await getJson(this.#access, 'history', { query, mostBytes: largestAnswer })
    } catch (error) {
      if (isUnreachable(error)) throw error
      return {}
    }
  }
}

/** A record may be late: these pauses, in milliseconds. */
const duePauses = [0, 10, 20, 50, 100, 200, 400, 800, 1600]

/**
 * The record of a prompt whose end was told of; undefined if it does not come within three seconds. Throws as `readRecord`
 * does.
 */
export async function readDueRecord(
  { access, records }: { readonly access: Access; readonly records: RecordReader },
  promptId: string,
): Promise<PromptRecord | undefined> {
  for (const pause of duePauses) {
    if (pause > 0) await delay(pause)
    const record = await (pause === 0 ? records.read(promptId) : readRecord(access, promptId))
    if (record) return record
  }
  return undefined
}
