import { Places } from '../places.ts'
import type { Row } from './row.ts'
import { lines } from './lines.ts'

/** Reads a list of prompts, one a line. Empty lines, and lines that begin with `#`, are left out. */
export async function* textRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<Row> {
  for await (const { text, number } of lines(pieces)) {
    const prompt = text.trim()
    if (prompt === '' || prompt.startsWith('#')) continue
    const start = text.indexOf(prompt)
    const where = new Places(file, text, number).at(start, start + prompt.length, 'prompt')
    yield {
      cells: [{ key: 'prompt', value: prompt, typed: false, where, keyWhere: where }],
      origin: { file, line: number, ...(where.text !== undefined && { text: where.text }) },
    }
  }
}
