import { scanDocument, scanValue, type Span } from '../../protocol/json-scan.ts'
import type { MovePath } from './moved-paths.ts'

interface Edit extends Span {
  readonly text: string
}

/**
 * The text of a JSON jobs file, with the wanted jobs alone (numbers from 1). What is kept stands as it stood, but for
 * paths that must change.
 */
export function copyJson(text: string, wanted: ReadonlySet<number>, move: MovePath): string {
  const document = scanDocument(text)
  const entries = document.kind === 'object' ? document.entries : []
  const spanOf = (name: string): Span | undefined => entries.find(({ key }) => key === name)?.valueSpan
  const list = scanValue(text, spanOf('jobs')?.start ?? document.start)
  if (list.kind !== 'array') return text
  const jobs = list.items
    .filter((_, index) => wanted.has(index + 1))
    .map((item) => replaced(text, item, pathEdits(text, item, move)))
  const first = list.items[0]
  const last = list.items.at(-1)
  const before = first ? text.slice(list.start + 1, first.start) : ''
  const after = last ? text.slice(last.end, list.end - 1) : ''
  const kept = `[${before}${jobs.join(`,${before || ' '}`)}${after}]`
  const defaults = spanOf('defaults')
  const edits = defaults ? pathEdits(text, defaults, move) : []
  const all = { start: 0, end: text.length }
  return replaced(text, all, [...edits, { start: list.start, end: list.end, text: kept }])
}

function pathEdits(text: string, { start }: Span, move: MovePath): Edit[] {
  const job = scanValue(text, start)
  if (job.kind !== 'object') return []
  return job.entries.flatMap(({ key, valueSpan }) => {
    const value = scanValue(text, valueSpan.start)
    if (value.kind !== 'string') return []
    const moved = move(key, JSON.parse(text.slice(value.start, value.end)) as string)
    return moved === undefined ? [] : [{ start: value.start, end: value.end, text: JSON.stringify(moved) }]
  })
}

/** The text of a span, with parts of it replaced. */
function replaced(text: string, { start, end }: Span, edits: readonly Edit[]): string {
  let result = ''
  let at = start
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at, end)
}
