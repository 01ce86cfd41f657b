import { closeSync, openSync, readSync } from 'node:fs'
import type { KnownJob } from './entries.ts'
import { readDoneLine } from './job-line.ts'
import { keyHash } from './key-hash.ts'

const firstCapacity = 1024
/** Of the slots, so many may be taken before there are more. */
const mostFilled = 0.7
/** Entries of neighbouring jobs mostly stand together: so many bytes are read at once. */
const windowSize = 64 * 1024
const lineBreak = 0x0a

/**
 * Where in a journal the last entry of each job stands: some 25 bytes a job, however long its entry is, so that a million
 * jobs fit beside the plan. Entries are read when they are asked for.
 */
export class JobIndex {
  /** Jobs that are done, and the seconds that they took; without those that were only rehearsed. */
  readonly timing = { jobs: 0, seconds: 0 }
  readonly #path: string
  /** By number of job, in the order in which they first came: their hashes, and where their last entries begin. */
  #hashes = new Float64Array(firstCapacity)
  #positions = new Float64Array(firstCapacity)
  /** Numbers of jobs, from 1, by their hashes; 0 is a free slot. */
  #slots = new Uint32Array(firstCapacity * 2)
  #size = 0
  #file: number | undefined
  #window = Buffer.alloc(0)
  #windowStart = 0

  /** `path` is the journal's. */
  constructor(path: string) {
    this.#path = path
  }

  /** How many jobs there are. */
  get size(): number {
    return this.#size
  }

  /** The entry of the job whose key has this `keyHash` begins at `position`; an earlier one counts no more. */
  set(hash: number, position: number): void {
    const slot = this.#slotOf(hash)
    const known = this.#slots[slot] ?? 0
    if (known > 0) {
      this.#positions[known - 1] = position
      return
    }
    if (this.#size === this.#hashes.length) this.#makeRoom()
    this.#hashes[this.#size] = hash
    this.#positions[this.#size] = position
    this.#slots[slot] = ++this.#size
    if (this.#size > this.#slots.length * mostFilled) this.#spread()
  }

  /** The last entry of a job. Read from the journal, which must still be there. */
  get(key: string): KnownJob | undefined {
    const number = this.#slots[this.#slotOf(keyHash(key))] ?? 0
    if (number === 0) return undefined
    const line = this.#lineAt(this.#positions[number - 1] ?? 0)
    const entry = readDoneLine(line) ?? (JSON.parse(line) as KnownJob)
    return entry.key === key ? entry : undefined
  }

  /** Closes the journal. It is opened again if another entry is asked for. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
    this.#window = Buffer.alloc(0)
  }

  #lineAt(position: number): string {
    let from = position - this.#windowStart
    let to = from >= 0 && from < this.#window.length ? this.#window.indexOf(lineBreak, from) : -1
    for (let size = windowSize; to < 0; size *= 2) {
      this.#read(position, size)
      from = 0
      to = this.#window.indexOf(lineBreak)
      if (to < 0 && this.#window.length < size) to = this.#window.length
    }
    return this.#window.toString('utf8', from, to)
  }

  #read(position: number, size: number): void {
    this.#file ??= openSync(this.#path, 'r')
    const bytes = Buffer.allocUnsafe(size)
    this.#window = bytes.subarray(0, readSync(this.#file, bytes, 0, size, position))
    this.#windowStart = position
  }

  /** The slot that holds the job of this hash, or else the free one where it belongs. */
  #slotOf(hash: number): number {
    const capacity = this.#slots.length
    let slot = hash % capacity
    for (;;) {
      const number = this.#slots[slot] ?? 0
      if (number === 0 || this.#hashes[number - 1] === hash) return slot
      slot = slot + 1 === capacity ? 0 : slot + 1
    }
  }

  #makeRoom(): void {
    const [hashes, positions] = [this.#hashes, this.#positions]
    const capacity = Math.ceil(hashes.length * 1.5)
    this.#hashes = new Float64Array(capacity)
    this.#hashes.set(hashes)
    this.#positions = new Float64Array(capacity)
    this.#positions.set(positions)
  }

  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2)
    for (let number = 1; number <= this.#size; number++)
      this.#slots[this.#slotOf(this.#hashes[number - 1] ?? 0)] = number
  }
}
