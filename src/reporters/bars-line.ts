import type { ChalkInstance } from 'chalk'
import { cutToWidth, textWidth } from './text-width.ts'

/** What a frame is drawn for. */
export interface FrameOptions {
  /** By the clock of `progress`. */
  readonly now: number
  /** The terminal's width. */
  readonly columns: number
  readonly paint: ChalkInstance
}

const narrowestBar = 8
const widestBar = 30
/** What the words beside a bar need at least; a narrower terminal gets no bars. */
const roomForWords = 30

/** A bar behind a label, and words behind the bar; `label` is padded to `labelWidth` columns. */
export function barLine(
  label: string,
  value: number,
  total: number,
  { columns, paint }: FrameOptions,
  parts: readonly string[],
  labelWidth = 6,
): string {
  const width = Math.min(widestBar, columns - roomForWords)
  const share = total > 0 ? Math.min(1, value / total) : 0
  const head = label.padEnd(labelWidth)
  const words = [`${value}/${total}`, ...parts].join('  ')
  if (width < narrowestBar) return fitted(`${head}${words}`, columns)
  const full = Math.floor(share * width)
  const bar = `${paint.cyan('█'.repeat(full))}${paint.dim('░'.repeat(width - full))}`
  return `${head}${bar}  ${fitted(words, columns - textWidth(head) - width - 2)}`
}

/** Cuts a line to the terminal. One column is left free: some terminals begin a new line when the last one is filled. */
export function fitted(text: string, columns: number): string {
  return cutToWidth(text, columns - 1)
}
