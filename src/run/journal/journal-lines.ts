import { open } from 'node:fs/promises'

const pieceSize = 256 * 1024
const lineBreak = 0x0a

/**
 * Takes a line: the bytes from `from` up to `to`, without its line break. `position` is where it begins in the file. `enough`
 * ends the reading.
 */
export type LineSink = (bytes: Buffer, from: number, to: number, position: number) => 'enough' | void

/**
 * Reads a file line by line, as bytes, into one buffer: a journal of a million jobs has hundreds of megabytes. A last line
 * without line break is one, too. A file that is not there has no lines.
 */
export async function readLines(path: string, sink: LineSink): Promise<void> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    // No file, or no folder that it could be in.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!file) return
  try {
    let buffer = Buffer.allocUnsafe(pieceSize)
    let filled = 0
    let position = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled)
      filled += bytesRead
      let from = 0
      for (let to = lineEnd(buffer, from, filled); to >= 0; to = lineEnd(buffer, from, filled)) {
        if (sink(buffer, from, to, position + from) === 'enough') return
        from = to + 1
      }
      if (bytesRead === 0) {
        if (filled > from) sink(buffer, from, filled, position + from)
        return
      }
      buffer.copyWithin(0, from, filled)
      filled -= from
      position += from
      // A line that fills it all: the rest of it needs room.
      if (filled === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2)
    }
  } finally {
    await file.close()
  }
}

function lineEnd(buffer: Buffer, from: number, filled: number): number {
  const end = buffer.indexOf(lineBreak, from)
  return end < filled ? end : -1
}
