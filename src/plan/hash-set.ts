import type { Lanes } from './hash128.ts'

const firstCapacity = 2 ** 16
const growth = 4
/** Of a table's slots, so many may be taken before a larger table is begun. */
const mostFilled = 0.8

/** Slots that hashes are looked for in from their own on, up to a free one: its tag is 0. */
interface Table {
  readonly prints: Uint32Array
  readonly tags: Uint8Array
  size: number
}

/**
 * A set of hashes, of each of which it keeps 40 bits and, by where they stand, some 15 more: about 7 bytes a hash, and
 * what is there is never moved. In a set of a million, one hash is taken for another in one of 50,000 sets.
 */
export class HashSet {
  readonly #full: Table[] = []
  #newest = makeTable(firstCapacity)

  /** Adds a hash. False if it was there already. */
  add({ a: place, b: print, c }: Readonly<Lanes>): boolean {
    const tag = c >>> 24 || 1
    for (const table of this.#full) if (table.tags[slotOf(table, place, print >>> 0, tag)] !== 0) return false
    const newest = this.#newest
    const slot = slotOf(newest, place, print >>> 0, tag)
    if (newest.tags[slot] !== 0) return false
    newest.prints[slot] = print
    newest.tags[slot] = tag
    if (++newest.size > newest.tags.length * mostFilled) {
      this.#full.push(newest)
      this.#newest = makeTable(newest.tags.length * growth)
    }
    return true
  }
}

function makeTable(capacity: number): Table {
  return { prints: new Uint32Array(capacity), tags: new Uint8Array(capacity), size: 0 }
}

/** Where a hash is, or the free slot where it would be. Capacities are powers of two. */
function slotOf({ prints, tags }: Table, place: number, print: number, tag: number): number {
  const mask = tags.length - 1
  let slot = place & mask
  while (tags[slot] !== 0 && (prints[slot] !== print || tags[slot] !== tag)) slot = (slot + 1) & mask
  return slot
}
