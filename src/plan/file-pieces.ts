import { open } from 'node:fs/promises'

/** Larger ones are no quicker, and all that is made of a piece is in memory at once. */
const defaultSize = 16 * 1024

/**
 * The bytes of a file, in pieces of at most `size` bytes (default 16 KB), all in one buffer: each is good until the next
 * is asked for. What a stream reads into buffers of its own is garbage that lies outside of V8's heap, where V8 hardly
 * sees it.
 */
export async function* filePieces(file: string, size = defaultSize): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const buffer = Buffer.allocUnsafeSlow(size)
    for (;;) {
      // From where the last read ended: a pipe has no other places.
      const { bytesRead } = await handle.read(buffer, 0, size, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}
