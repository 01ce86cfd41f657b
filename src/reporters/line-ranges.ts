import type { JobOrigin } from '../events.ts'

/** Of one file, ranges of lines in the order they came. */
type Ranges = { first: number; last: number }[]

/** How many ranges are shown; what comes later is only counted. */
const mostRanges = 8

/** Collects lines of jobs files, and shows them as `shots.csv:3, 7, 12-15`. Needs no more memory for more lines. */
export class LineRanges {
  readonly #files = new Map<string, Ranges>()
  #ranges = 0
  #more = 0

  /** Takes a line; one that is among the last ones already (a row of several copies) counts once. */
  add({ file, line }: JobOrigin): void {
    const ranges = this.#files.get(file)
    if (ranges?.some((range) => grow(range, line))) return
    if (this.#ranges === mostRanges) {
      this.#more += 1
      return
    }
    this.#ranges += 1
    if (ranges) ranges.push({ first: line, last: line })
    else this.#files.set(file, [{ first: line, last: line }])
  }

  /** The lines in order, as text; empty if there are none. */
  toString(): string {
    const files = Array.from(
      this.#files,
      ([file, ranges]) => `${file}:${joined(ranges).map(text).join(', ')}`,
    )
    return files.join('; ') + (this.#more > 0 ? `, and ${this.#more} more` : '')
  }
}

/** Whether the line is in the range, which grows by a line right at its end. */
function grow(range: Ranges[number], line: number): boolean {
  if (line === range.last + 1) range.last = line
  else if (line === range.first - 1) range.first = line
  return line >= range.first && line <= range.last
}

/** In order, and those that touch as one: jobs do not end in the order of their rows. */
function joined(ranges: Ranges): Ranges {
  const all: Ranges = []
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = all.at(-1)
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last)
    else all.push({ first, last })
  }
  return all
}

function text({ first, last }: Ranges[number]): string {
  return first === last ? String(first) : `${first}-${last}`
}
