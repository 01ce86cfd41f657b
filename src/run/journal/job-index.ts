import type { KnownJob } from './entries.ts'
import type { EntryReader } from './entry-reader.ts'
import { keyAt, readDoneLine } from './job-line.ts'
import { keyHash } from './key-hash.ts'

/** One run of a few jobs needs no more. */
const firstCapacity = 2 ** 10
const secondCapacity = 2 ** 16
const growth = 4
/** Of a table's slots, so many may be taken before a larger table is begun. */
const mostFilled = 0.8
/** Of the bits of a mark, so many are a position's; the others, never all 0, are of a key's hash. */
const positionBits = 6
const tags = 2 ** (16 - positionBits) - 1
/** 256 GB: the entries of some 400 million jobs. */
const positionEnd = 2 ** (32 + positionBits)

/** Slots that jobs are looked for in from that of their hash on, up to a free one: its mark is 0. */
interface Table {
  /** The lower 32 bits of positions. */
  readonly lows: Uint32Array
  /** Tags, and above them the upper bits of positions. */
  readonly marks: Uint16Array
  size: number
}

/** A slot of a table. */
interface Slot {
  readonly table: Table
  readonly at: number
}

/**
 * Where in a journal the last entry of each job stands: 6 bytes a slot and some 8 a job, however long its entry is, so that
 * a million jobs fit beside the plan. What is there is never moved. Of a key it keeps only what tells most others from it:
 * the key itself is read from the journal each time, so two jobs are never taken for one.
 */
export class JobIndex {
  /** Jobs that are done, and the seconds that they took; without those that were only rehearsed. */
  readonly timing = { jobs: 0, seconds: 0 }
  readonly #journal: EntryReader
  /** From the largest to the smallest: most jobs are in the first. Only that has room. */
  #tables: readonly [Table, ...Table[]] = [makeTable(firstCapacity)]
  #size = 0

  constructor(journal: EntryReader) {
    this.#journal = journal
  }

  /** How many jobs there are. */
  get size(): number {
    return this.#size
  }

  /** The entry of the job with this key, which must be in the journal, begins at `position`; an earlier one counts no more. */
  set(key: string, position: number): void {
    if (position >= positionEnd) throw new RangeError('the journal is too long')
    const hash = keyHash(key)
    const known = this.#find(hash, (before) => this.#keyIn(before) === key)
    if (known) return put(known, hash, position)
    const [newest] = this.#tables
    put({ table: newest, at: freeSlot(newest, hash) }, hash, position)
    this.#size += 1
    if (++newest.size > newest.marks.length * mostFilled)
      this.#tables = [makeTable(Math.max(secondCapacity, newest.marks.length * growth)), ...this.#tables]
  }

  /** The last entry of a job. Read from the journal, which must still be there. */
  get(key: string): KnownJob | undefined {
    let entry: KnownJob | undefined
    this.#find(keyHash(key), (position) => {
      const line = this.#journal.lineAt(position)
      const found = readDoneLine(line) ?? (JSON.parse(line) as KnownJob)
      if (found.key === key) entry = found
      return entry !== undefined
    })
    return entry
  }

  /** Whether the entry at `position`, which is one of the job with this key, is its last. Nothing is read. */
  isLast(key: string, position: number): boolean {
    const found = this.#find(keyHash(key), (last) => last === position)
    return found !== undefined
  }

  /** Closes the journal. It is opened again if another entry is asked for. */
  close(): void {
    this.#journal.close()
  }

  /** The slot of a job: of those that it could be, the one whose entry `isIt` takes for it. */
  #find(hash: number, isIt: (position: number) => boolean): Slot | undefined {
    const tag = tagOf(hash)
    for (const table of this.#tables) {
      const { marks } = table
      const mask = marks.length - 1
      for (let at = placeOf(hash) & mask; marks[at] !== 0; at = (at + 1) & mask) {
        if (((marks[at] ?? 0) & tags) === tag && isIt(positionIn(table, at))) return { table, at }
      }
    }
    return undefined
  }

  #keyIn(position: number): string {
    return this.#journal.within(
      position,
      (bytes, from, to) =>
        keyAt(bytes, from, to) ?? (JSON.parse(bytes.toString('utf8', from, to)) as KnownJob).key,
    )
  }
}

function makeTable(capacity: number): Table {
  return { lows: new Uint32Array(capacity), marks: new Uint16Array(capacity), size: 0 }
}

function positionIn({ lows, marks }: Table, at: number): number {
  return ((marks[at] ?? 0) >>> (16 - positionBits)) * 2 ** 32 + (lows[at] ?? 0)
}

function put({ table, at }: Slot, hash: number, position: number): void {
  table.lows[at] = position
  table.marks[at] = (Math.floor(position / 2 ** 32) << (16 - positionBits)) | tagOf(hash)
}

function freeSlot({ marks }: Table, hash: number): number {
  const mask = marks.length - 1
  let at = placeOf(hash) & mask
  while (marks[at] !== 0) at = (at + 1) & mask
  return at
}

/** The lower 32 of the hash's 52 bits. Capacities are powers of two. */
function placeOf(hash: number): number {
  return hash >>> 0
}

function tagOf(hash: number): number {
  return Math.floor(hash / 2 ** 32) & tags || 1
}
