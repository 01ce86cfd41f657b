import { TextDecoder } from 'node:util'

/**
 * Decodes UTF-8 that comes in pieces, each as a text that is whole: `TextDecoder` can do that itself (`stream`), but takes
 * twice the time and several times the memory for it. A byte order mark at the start is removed. Throws TypeError for what
 * is not UTF-8.
 */
export class Utf8Pieces {
  #decoder = new TextDecoder('utf-8', { fatal: true })
  /** The start of a character whose rest is in the next piece. */
  #begun: readonly number[] = []
  #isMarkPast = false

  /** The text of a piece, which is not needed any longer. */
  next(piece: Uint8Array): string {
    let from = 0
    let first = ''
    if (this.#begun.length > 0) {
      const begun = [...this.#begun]
      while (from < piece.length && isRest(piece[from])) begun.push(piece[from++] ?? 0)
      this.#begun = begun
      if (from === piece.length && begun.length < lengthOf(begun[0])) return ''
      this.#begun = []
      first = this.#decode(Uint8Array.from(begun))
    }
    const to = wholeEnd(piece, from)
    this.#begun = Array.from(piece.subarray(to))
    return first + this.#decode(piece.subarray(from, to))
  }

  /** Nothing; throws if the last piece ended within a character. */
  end(): string {
    return this.#decode(Uint8Array.from(this.#begun))
  }

  #decode(bytes: Uint8Array): string {
    if (bytes.length === 0) return ''
    const text = this.#decoder.decode(bytes)
    if (!this.#isMarkPast) {
      this.#isMarkPast = true
      this.#decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    }
    return text
  }
}

/** Where the last character ends that is whole, or that can't be one. */
function wholeEnd(piece: Uint8Array, from: number): number {
  let start = piece.length - 1
  while (start > from && piece.length - start < 4 && isRest(piece[start])) start--
  return start >= from && piece.length - start < lengthOf(piece[start]) ? start : piece.length
}

function isRest(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}

/** How many bytes a character has that begins with this one. */
function lengthOf(byte = 0): number {
  if (byte < 0xc0) return 1
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}
