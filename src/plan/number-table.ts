const empty = -1
const firstSize = 1024

/**
 * A map from whole numbers (0 to 2^53 - 1, well spread, as hashes are) to whole numbers (0 to 2^32 - 1), which takes
 * about 20 bytes an entry: a `Map` of a million takes five times as much.
 */
export class NumberTable {
  #keys = new Float64Array(firstSize).fill(empty)
  #values = new Uint32Array(firstSize)
  #size = 0

  /** How many entries there are. */
  get size(): number {
    return this.#size
  }

  get(key: number): number | undefined {
    const slot = this.#slotOf(key)
    return this.#keys[slot] === empty ? undefined : this.#values[slot]
  }

  set(key: number, value: number): void {
    const slot = this.#slotOf(key)
    const isNew = this.#keys[slot] === empty
    this.#keys[slot] = key
    this.#values[slot] = value
    if (isNew && ++this.#size > this.#keys.length * 0.7) this.#grow()
  }

  /** Where a key is, or would be: the tables' length is a power of two, and never are they full. */
  #slotOf(key: number): number {
    const mask = this.#keys.length - 1
    let slot = key % this.#keys.length
    while (this.#keys[slot] !== empty && this.#keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values]
    this.#keys = new Float64Array(keys.length * 2).fill(empty)
    this.#values = new Uint32Array(keys.length * 2)
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] ?? empty
      if (key === empty) continue
      const slot = this.#slotOf(key)
      this.#keys[slot] = key
      this.#values[slot] = values[at] ?? 0
    }
  }
}
