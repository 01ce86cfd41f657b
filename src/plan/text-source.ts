import { TextDecoder } from 'node:util'
import { ComfyRunError, messageOf } from '../errors.ts'
import { filePieces } from './file-pieces.ts'
import { requireFile } from './require-file.ts'
import { Utf8Pieces } from './utf8-pieces.ts'

/** How a file named `-` is called in messages. */
export const stdinName = 'stdin'

/**
 * The text of a jobs file, in pieces. UTF-8, or UTF-16 if it begins with a byte order mark; the mark is removed.
 * Throws ComfyRunError: `file-not-found` (with near matches in its folder), `file-unreadable`.
 */
export async function* readTextFile(file: string): AsyncGenerator<string> {
  await requireFile(file)
  yield* decode(file, filePieces(file))
}

/** Decodes bytes as `readTextFile` does; a piece is not needed any longer when the next is asked for. `file` is for messages. */
export async function* decode(file: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined
  let line = 1
  const decodePiece = (piece?: Uint8Array): string => {
    try {
      decoder ??= decoderFor(piece)
      const text = piece ? decoder.next(piece) : decoder.end()
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++
      return text
    } catch (error) {
      throw new ComfyRunError('file-unreadable', `${file} is not UTF-8 text`, {
        hint: 'save it as UTF-8 (in Excel: "CSV UTF-8")',
        where: { file, line },
        cause: error,
      })
    }
  }
  try {
    for await (const piece of bytes) yield decodePiece(piece)
  } catch (error) {
    if (error instanceof ComfyRunError) throw error
    throw new ComfyRunError('file-unreadable', `cannot read ${file}: ${messageOf(error)}`, { cause: error })
  }
  if (decoder) yield decodePiece()
}

/** Makes text of pieces, one after the other. */
interface Decoder {
  next(piece: Uint8Array): string
  /** What was left of the last piece. */
  end(): string
}

function decoderFor(start: Uint8Array | undefined): Decoder {
  const encoding = encodingOf(start)
  if (encoding === 'utf-8') return new Utf8Pieces()
  const decoder = new TextDecoder(encoding, { fatal: true })
  return { next: (piece) => decoder.decode(piece, { stream: true }), end: () => decoder.decode() }
}

function encodingOf(start: Uint8Array | undefined): string {
  if (start?.[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start?.[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}
