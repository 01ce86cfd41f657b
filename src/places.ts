import type { Where } from './errors.ts'

/** Longer lines are neither shown nor counted in characters: they are data that no person reads. */
const longestLine = 2000

/** Turns positions in a text into lines and columns for messages. */
export class Places {
  readonly #file: string
  readonly #text: string
  readonly #firstLine: number
  #lineStarts: number[] | undefined

  /** `text` is the whole file, or a part of it that begins with the file's line `firstLine` (from 1). */
  constructor(file: string, text: string, firstLine = 1) {
    this.#file = file
    this.#text = text
    this.#firstLine = firstLine
  }

  /** The place of `text.slice(start, end)`. Only the part on its first line counts as its length. */
  at(start: number, end: number, label?: string): Where {
    const starts = (this.#lineStarts ??= lineStarts(this.#text))
    const index = lastAtMost(starts, start)
    const lineStart = starts[index] ?? 0
    const line = this.#text.slice(lineStart, starts[index + 1]).replace(/\r?\n$|\r$/, '')
    const before = start - lineStart
    const isShort = line.length <= longestLine
    const span = line.slice(before, Math.max(before, end - lineStart))
    return {
      file: this.#file,
      line: this.#firstLine + index,
      column: 1 + (isShort ? characters(line.slice(0, before)) : before),
      ...(isShort && { text: line, length: Math.max(1, characters(span)) }),
      ...(label !== undefined && { label }),
    }
  }

  /** The place of the whole line that holds position `offset`. */
  lineAt(offset: number): Where {
    const { file, line, text } = this.at(offset, offset)
    return { file, line, ...(text !== undefined && { text }) }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Index of the last entry of an ascending list that is not above `limit`. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((ascending[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}

function characters(text: string): number {
  return Array.from(text).length
}
