import { Places } from '../places.ts'
import type { Row } from './row.ts'
import { lines, type Line } from './lines.ts'

/** Stands alone on a line between prompts of several lines. */
const separator = '---'

/**
 * Reads prompts from a text. One a line; or, if a line holds nothing but `---`, one in each block between such lines,
 * as it stands there, line breaks included. Empty lines around a prompt, and lines that begin with `#`, are left out.
 * `open` is called twice: memory does not grow with the text.
 */
export async function* textRows(file: string, open: () => AsyncIterable<string>): AsyncGenerator<Row> {
  if (await hasSeparator(open())) yield* blockRows(file, open())
  else yield* lineRows(file, open())
}

async function hasSeparator(pieces: AsyncIterable<string>): Promise<boolean> {
  for await (const { text } of lines(pieces)) if (isSeparator(text)) return true
  return false
}

function isSeparator(text: string): boolean {
  return text.trim() === separator
}

async function* lineRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const line of lines(pieces)) {
    const prompt = line.text.trim()
    if (prompt !== '' && !prompt.startsWith('#')) yield promptRow(file, prompt, line)
  }
}

async function* blockRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Row> {
  let block: Line[] = []
  for await (const line of lines(pieces)) {
    if (isSeparator(line.text)) {
      yield* blockRow(file, block)
      block = []
    } else if (!line.text.trimStart().startsWith('#')) {
      block.push(line)
    }
  }
  yield* blockRow(file, block)
}

function* blockRow(file: string, block: readonly Line[]): Generator<Row> {
  const first = block.find(({ text }) => text.trim() !== '')
  if (!first) return
  const prompt = block
    .map(({ text }) => text.trimEnd())
    .join('\n')
    .trim()
  yield promptRow(file, prompt, first)
}

/** `line` is the prompt's first. */
function promptRow(file: string, prompt: string, { text, number }: Line): Row {
  const [shown = ''] = prompt.split('\n')
  const start = text.indexOf(shown)
  const where = new Places(file, text, number).at(start, start + shown.length, 'prompt')
  return {
    cells: [{ key: 'prompt', value: prompt, typed: false, where, keyWhere: where }],
    origin: { file, line: number, ...(where.text !== undefined && { text: where.text }) },
  }
}
