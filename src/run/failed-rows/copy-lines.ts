import type { Row } from '../../plan/row.ts'
import { scanValue } from '../../protocol/json-scan.ts'
import type { MovePath } from './moved-paths.ts'

/** A format whose rows are whole lines, one after the other. */
export type LineFormat = 'csv' | 'tsv' | 'jsonl' | 'text'

/** What lines are copied from. */
export interface LineSource {
  readonly format: LineFormat
  readonly text: AsyncIterable<string>
  readonly rows: AsyncIterable<Row>
  /** The numbers of the rows to copy, from 1. */
  readonly wanted: ReadonlySet<number>
  readonly move: MovePath
}

/** The lines of one row; up to the next row, so that cells may hold line breaks. */
interface Block {
  readonly from: number
  /** The line after the last. */
  to: number
  readonly edits: readonly Edit[]
}

/** A cell that must change. */
interface Edit {
  readonly line: number
  /** From 1; in characters, or in UTF-16 units if the line is very long. */
  readonly column: number
  readonly inUnits: boolean
  readonly value: string
  readonly moved: string
}

/**
 * Copies rows as they stand in their file, byte for byte but for paths that must change, with everything that stands
 * before the first row: the header, comments. Memory grows with the wanted rows only.
 */
export async function* copyLines(source: LineSource): AsyncGenerator<string> {
  const { headEnd, blocks } = await findBlocks(source)
  let line = 0
  let current = 0
  let hasSeparators = false
  let last = ''
  for await (const text of rawLines(source.text)) {
    line += 1
    if (source.format === 'text' && isSeparator(text)) hasSeparators = true
    while (line >= (blocks[current]?.to ?? Infinity)) current += 1
    const block = blocks[current]
    if (line >= headEnd && !(block && line >= block.from)) continue
    last = line < headEnd || !block ? text : edited(text, line, block, source.format)
    yield withBreak(last)
  }
  // Without one, a last prompt of several lines would become several prompts.
  if (hasSeparators && !isSeparator(last)) yield '---\n'
}

async function findBlocks({
  format,
  rows,
  wanted,
  move,
}: LineSource): Promise<{ readonly headEnd: number; readonly blocks: readonly Block[] }> {
  const blocks: Block[] = []
  let headEnd = Infinity
  let number = 0
  let open: Block | undefined
  for await (const row of rows) {
    const from = row.origin.line ?? 1
    number += 1
    if (number === 1) headEnd = from
    if (open) open.to = from
    open = undefined
    if (!wanted.has(number)) continue
    open = { from, to: Infinity, edits: format === 'text' ? [] : editsOf(row, move) }
    blocks.push(open)
  }
  return { headEnd, blocks }
}

function editsOf({ cells }: Row, move: MovePath): Edit[] {
  const edits: Edit[] = []
  for (const { key, value, where } of cells) {
    const moved = move(key, value)
    const { line, column, text } = where
    if (moved === undefined || typeof value !== 'string') continue
    if (line === undefined || column === undefined) continue
    edits.push({ line, column, inUnits: text === undefined, value, moved })
  }
  // From the right, so that an edit does not shift the others.
  return edits.toReversed()
}

function edited(text: string, line: number, { edits }: Block, format: LineFormat): string {
  let result = text
  for (const edit of edits) {
    if (edit.line !== line) continue
    const before = edit.column - 1
    const start = edit.inUnits ? before : Array.from(result).slice(0, before).join('').length
    const end = format === 'jsonl' ? scanValue(result, start).end : endOfField(result, start, edit.value)
    const cell = format === 'jsonl' ? JSON.stringify(edit.moved) : asField(edit.moved, result[start] === '"')
    result = result.slice(0, start) + cell + result.slice(end)
  }
  return result
}

const quotedField = /"(?:[^"]|"")*"/y

function endOfField(text: string, start: number, value: string): number {
  quotedField.lastIndex = start
  return quotedField.test(text) ? quotedField.lastIndex : start + value.length
}

function asField(value: string, wasQuoted: boolean): string {
  if (!wasQuoted && !/[",;\t\r\n]|^[\s#]|\s$/.test(value)) return value
  return `"${value.replaceAll('"', '""')}"`
}

function isSeparator(line: string): boolean {
  return line.trim() === '---'
}

function withBreak(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`
}

/** Lines with their line breaks, which are kept as they are. */
async function* rawLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of pieces) {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield `${part}\n`
  }
  if (rest !== '') yield rest
}
