import type { OutputStream } from '../../src/reporters/reporter-types.ts'

/** A terminal that is as wide as told and endlessly high: it obeys the few escape sequences that bars need. */
export class Screen implements OutputStream {
  readonly isTTY = true
  columns: number
  isCursorShown = true
  isWrapping = true
  readonly #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number) {
    this.columns = columns
  }

  /** What there is to see, without blank ends. */
  get lines(): string[] {
    const lines = this.#rows.map((row) =>
      Array.from(row, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  write(text: string): boolean {
    // oxlint-disable-next-line no-control-regex
    for (const part of text.match(/\x1B\[\??[\d;]*[A-Za-z]|./gsu) ?? []) {
      if (part.length > 1 && part.startsWith('\x1B')) this.#obey(part)
      else this.#put(part)
    }
    return true
  }

  #put(character: string): void {
    if (character === '\n') {
      this.#row += 1
      this.#column = 0
    } else if (character === '\r') this.#column = 0
    else {
      if (this.#column === this.columns && this.isWrapping) this.#put('\n')
      this.#column = Math.min(this.#column, this.columns - 1)
      this.#rowAt(this.#row)[this.#column] = character
      this.#column += 1
    }
    this.#rowAt(this.#row)
  }

  #obey(sequence: string): void {
    const [, digits = ''] = /\[\??(\d*)/.exec(sequence) ?? []
    const count = Number(digits)
    const row = this.#rowAt(this.#row)
    if (sequence === '\x1B[?25h' || sequence === '\x1B[?25l') this.isCursorShown = sequence.endsWith('h')
    else if (sequence === '\x1B[?7h' || sequence === '\x1B[?7l') this.isWrapping = sequence.endsWith('h')
    else if (sequence.endsWith('A')) this.#row = Math.max(0, this.#row - (count || 1))
    else if (sequence.endsWith('G')) this.#column = (count || 1) - 1
    else if (sequence.endsWith('K')) row.length = count === 2 ? 0 : Math.min(row.length, this.#column)
    else if (sequence.endsWith('J')) {
      row.length = Math.min(row.length, this.#column)
      this.#rows.length = this.#row + 1
    } else if (!sequence.endsWith('m')) throw new Error(`unknown sequence ${JSON.stringify(sequence)}`)
  }

  #rowAt(index: number): string[] {
    while (this.#rows.length <= index) this.#rows.push([])
    return this.#rows[index] ?? []
  }
}
