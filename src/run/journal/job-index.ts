import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { JobEntry } from './entries.ts'

/** Of the slots, so many may be taken before there are more: half, so that a search is short. */
const mostFilled = 0.5
const firstCapacity = 1024

/**
 * Where in a journal the last entry of each job stands: 20 to 40 bytes a job, however long its entry is, so that a
 * million jobs fit beside the plan. Entries are read when they are asked for.
 */
export class JobIndex {
  /** Jobs that are done, and the seconds that they took; without those that were only rehearsed. */
  readonly timing = { jobs: 0, seconds: 0 }
  readonly #path: string
  #hashes = new Float64Array(firstCapacity)
  #starts = new Float64Array(firstCapacity)
  #lengths = new Uint32Array(firstCapacity)
  #size = 0
  #file: number | undefined

  /** `path` is the journal's. */
  constructor(path: string) {
    this.#path = path
  }

  /** How many jobs there are. */
  get size(): number {
    return this.#size
  }

  /** The job's entry is the line of so many bytes at `start`; an earlier one counts no more. */
  set(key: string, start: number, length: number): void {
    if (this.#size >= this.#hashes.length * mostFilled) this.#grow()
    this.#put(hashOf(key), start, length)
  }

  /** The last entry of a job. Read from the journal, which must still be there. */
  get(key: string): JobEntry | undefined {
    const slot = this.#slotOf(hashOf(key))
    if (this.#hashes[slot] === 0) return undefined
    const entry = JSON.parse(this.#read(this.#starts[slot] ?? 0, this.#lengths[slot] ?? 0)) as JobEntry
    return entry.key === key ? entry : undefined
  }

  /** Closes the journal. It is opened again if another entry is asked for. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #read(start: number, length: number): string {
    this.#file ??= openSync(this.#path, 'r')
    const bytes = Buffer.alloc(length)
    readSync(this.#file, bytes, 0, length, start)
    return bytes.toString('utf8')
  }

  #put(hash: number, start: number, length: number): void {
    const slot = this.#slotOf(hash)
    if (this.#hashes[slot] === 0) this.#size += 1
    this.#hashes[slot] = hash
    this.#starts[slot] = start
    this.#lengths[slot] = length
  }

  /** The slot that holds the hash, or else the free one where it belongs. */
  #slotOf(hash: number): number {
    const capacity = this.#hashes.length
    let slot = hash % capacity
    while (this.#hashes[slot] !== 0 && this.#hashes[slot] !== hash) slot = (slot + 1) % capacity
    return slot
  }

  #grow(): void {
    const [hashes, starts, lengths] = [this.#hashes, this.#starts, this.#lengths]
    const capacity = hashes.length * 2
    this.#hashes = new Float64Array(capacity)
    this.#starts = new Float64Array(capacity)
    this.#lengths = new Uint32Array(capacity)
    this.#size = 0
    hashes.forEach((hash, slot) => {
      if (hash !== 0) this.#put(hash, starts[slot] ?? 0, lengths[slot] ?? 0)
    })
  }
}

/** 52 bits of a key, and never 0, which marks a free slot. A job's key is a hash already. */
function hashOf(key: string): number {
  const digits = /^[0-9a-f]{13}/.exec(key)?.[0] ?? createHash('sha256').update(key).digest('hex').slice(0, 13)
  return Number.parseInt(digits, 16) + 1
}
