import { cleanLine } from '../reporters/clean-text.ts'
import { cutToWidth, padToWidth, textWidth } from '../reporters/text-width.ts'

/** How a table is laid out. */
export interface TableOptions {
  readonly header?: readonly string[]
  /** The terminal's width: longer lines are cut. Default: no limit. */
  readonly columns?: number
}

const gap = '  '

/**
 * Rows as aligned columns, two spaces apart, without a line break at the end. Widths are those that a terminal
 * shows; line breaks and control characters in cells are removed. Rows may have fewer cells than others.
 */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const lines = (options.header ? [options.header, ...rows] : rows).map((row) => row.map(cleanLine))
  const widths: number[] = []
  for (const line of lines) {
    line.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell))
    })
  }
  return lines
    .map((line) => line.map((cell, column) => padToWidth(cell, widths[column] ?? 0)).join(gap))
    .map((line) => cutToWidth(line.trimEnd(), options.columns ?? Infinity))
    .join('\n')
}
