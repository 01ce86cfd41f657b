import { graphemes } from './text-width.ts'

/** A line of a user's file, and the marks that go under it. Both take at most the columns that were asked for. */
export interface Excerpt {
  readonly line: string
  readonly marks: string
}

interface Cell {
  readonly text: string
  readonly width: number
  readonly isFault: boolean
}

const tab = '    '
/** What a terminal would not show as one mark in one place. */
const unshowable = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u

/**
 * Shows the part of a line around its fault, `length` characters from `column` (from 1) on, and underlines
 * that. A line longer than `columns` is cut, with `…` at its ends.
 */
export function excerpt(text: string, column: number, length: number, columns: number): Excerpt {
  const cells = cellsOf(text.replace(/[\r\n]+$/, ''), column - 1, column - 1 + Math.max(1, length))
  const { from, to } = windowAround(cells, columns)
  const shown = cells.slice(from, to)
  const [before, after] = [from > 0 ? '…' : '', to < cells.length ? '…' : '']
  const marks = shown.map(({ width, isFault }) => (isFault ? '^' : ' ').repeat(width)).join('')
  return {
    line: `${before}${shown.map(({ text }) => text).join('')}${after}`.trimEnd(),
    marks: `${before && ' '}${marks}`.trimEnd(),
  }
}

/** The line as cells of the terminal. A fault behind its end, a value that is missing, gets a cell of its own. */
function cellsOf(text: string, start: number, end: number): Cell[] {
  const cells: Cell[] = []
  let position = 0
  for (const grapheme of graphemes(text)) {
    const next = position + Array.from(grapheme.text).length
    const isFault = position < end && next > start
    position = next
    if (grapheme.text === '\t') cells.push({ text: tab, width: tab.length, isFault })
    else if (unshowable.test(grapheme.text)) cells.push({ text: '\uFFFD', width: 1, isFault })
    else cells.push({ ...grapheme, isFault })
  }
  if (start >= position) cells.push({ text: ' ', width: 1, isFault: true })
  return cells
}

/** Which cells to show: the fault, a third of the room before it, and what fits behind it. */
function windowAround(
  cells: readonly Cell[],
  columns: number,
): { readonly from: number; readonly to: number } {
  const total = cells.reduce((sum, { width }) => sum + width, 0)
  if (total <= columns) return { from: 0, to: cells.length }
  const room = columns - 2
  let from = cells.findIndex(({ isFault }) => isFault)
  let to = from
  let used = 0
  const widthAt = (index: number): number => cells[index]?.width ?? Infinity
  while (used + widthAt(from - 1) <= room / 3) used += widthAt(--from)
  while (used + widthAt(to) <= room) used += widthAt(to++)
  while (used + widthAt(from - 1) <= room) used += widthAt(--from)
  return { from, to }
}
