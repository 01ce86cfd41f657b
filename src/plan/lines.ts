/** One line of a text, without its line break. Numbers count from 1. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** Cuts a text that comes in pieces into lines. */
export async function* lines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = ''
  let number = 0
  for await (const piece of pieces) {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield { text: part.replace(/\r$/, ''), number: ++number }
  }
  if (rest !== '') yield { text: rest, number: ++number }
}
