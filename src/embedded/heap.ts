/**
 * A binary heap in an array, laid out as Python's heapq does it: `items` is what `GET /queue` shows, so the
 * order must be the same as there and not only the first item.
 */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #isLess: (a: T, b: T) => boolean

  constructor(isLess: (a: T, b: T) => boolean) {
    this.#isLess = isLess
  }

  /** In heap order: the first is the smallest, the others are not sorted. */
  get items(): readonly T[] {
    return this.#items
  }

  push(item: T): void {
    this.#items.push(item)
    this.#towardsRoot(0, this.#items.length - 1)
  }

  pop(): T | undefined {
    const last = this.#items.pop()
    const first = this.#items[0]
    if (last === undefined || first === undefined) return last
    this.#items[0] = last
    this.#fromRoot(0)
    return first
  }

  /** Takes out the first item in heap order that fits; false if there is none. */
  remove(fits: (item: T) => boolean): boolean {
    const index = this.#items.findIndex(fits)
    if (index < 0) return false
    this.#items.splice(index, 1)
    // As heapify: from the last parent to the root.
    for (let parent = Math.floor(this.#items.length / 2) - 1; parent >= 0; parent--) this.#fromRoot(parent)
    return true
  }

  clear(): void {
    this.#items.length = 0
  }

  #towardsRoot(root: number, start: number): void {
    const item = this.#items[start] as T
    let position = start
    while (position > root) {
      const parent = (position - 1) >> 1
      const above = this.#items[parent] as T
      if (!this.#isLess(item, above)) break
      this.#items[position] = above
      position = parent
    }
    this.#items[position] = item
  }

  /** heapq lets the smaller child rise all the way, then sifts the item up from the leaf. */
  #fromRoot(root: number): void {
    const end = this.#items.length
    const item = this.#items[root] as T
    let position = root
    let child = 2 * position + 1
    while (child < end) {
      const right = child + 1
      if (right < end && !this.#isLess(this.#items[child] as T, this.#items[right] as T)) child = right
      this.#items[position] = this.#items[child] as T
      position = child
      child = 2 * position + 1
    }
    this.#items[position] = item
    this.#towardsRoot(root, position)
  }
}
